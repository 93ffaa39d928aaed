"""Saving a view of the list in three actions, opening it from Home, sharing and deleting it."""

from tests.browser.visits import WITH_AND_WITHOUT


@WITH_AND_WITHOUT
def test_a_view_is_saved_opened_and_deleted(visit, site, script, figure):
    name = f"Viet Nam {script}"
    site.add(email=f"view{script}@example.com", phone="+84912345678" if script else "+84912345679")
    esi = visit("Esi", script=script).open("/customers?dial_code=%2B84")
    if script:
        esi.press("w")
        esi.page.locator("#view-name").wait_for()
    else:
        esi.click("#save-view summary")
    esi.fill("#view-name", name)
    esi.press("Enter") if script else esi.click("#save-view button")
    esi.page.locator(".views [aria-current]", has_text=name).wait_for()
    assert esi.actions == 3
    figure(f"a view saved {'by keyboard' if script else 'without script'}: {esi.actions} actions")
    ama = visit("Ama").open("/")
    assert ama.page.locator("#views", has_text=name).count() == 0
    esi.open("/")
    row = esi.page.locator("#views li", has_text=name)
    assert int(row.locator("b").inner_text()) >= 1
    row.locator("a").click()
    esi.page.locator(".clear button", has_text="Delete the view").click()
    esi.page.locator(".toast", has_text=f"The view {name} is deleted").wait_for()


def test_a_shared_view_is_everybodys(visit):
    esi = visit("Esi").open("/customers?standing=waiting")
    esi.press("w")
    esi.fill("#view-name", "Shared one")
    esi.click("[name=shared]")
    esi.click("#save-view button")
    esi.page.locator(".views", has_text="Shared one").wait_for()
    ama = visit("Ama").open("/customers")
    ama.page.locator(".views a", has_text="Shared one").click()
    ama.page.wait_for_url("**standing=waiting**")
    assert ama.page.locator(".clear button").count() == 0


@WITH_AND_WITHOUT
def test_a_name_that_is_refused_comes_back_in_its_field(visit, script):
    esi = visit("Esi", script=script).open("/customers?standing=waiting&sort=created")
    esi.click("#save-view summary")
    esi.page.locator("#view-name").evaluate("(field) => { field.maxLength = 999; }")
    esi.fill("#view-name", "n" * 61)
    esi.click("[name=shared]")
    esi.click("#save-view button")
    esi.page.locator("#view-note", has_text="1 to 60 letters").wait_for()
    assert esi.page.input_value("#view-name") == "n" * 61
    assert esi.page.locator("[name=shared]").is_checked()
    assert esi.page.input_value("#standing") == "waiting"
    if script:
        esi.looks_right()
