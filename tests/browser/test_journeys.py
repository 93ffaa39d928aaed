"""What people do all day, in a real browser, with script and without it. Counted journeys assert
the number of actions.
"""

import zlib

import pytest

from tests.browser.visits import WITH_AND_WITHOUT


@pytest.fixture
def ngozi(site, request):
    digits = f"{zlib.crc32(request.node.name.encode()) % 900_000 + 100_000}"
    unique = {"email": f"n{digits}@example.com", "phone": f"+2348031{digits}"}
    return site.add(first_name="Ngoz", last_name=f"Okonjo-{digits}", **unique)


@WITH_AND_WITHOUT
def test_find_by_the_last_six_digits_of_a_phone_and_open(visit, ngozi, script):
    esi = visit("Esi", script=script).open("/customers")
    if script:
        esi.press("/")
    else:
        esi.click("#q")
    esi.type(ngozi.phone[-6:])
    esi.press("Enter")
    esi.wait_for(f"/customers/{ngozi.id}")
    assert esi.actions <= 3
    assert ngozi.last_name in esi.text


@WITH_AND_WITHOUT
def test_fix_a_typo_in_a_name(visit, ngozi, script):
    esi = visit("Esi", script=script).open(f"/customers/{ngozi.id}")
    if script:
        esi.press("e")
    else:
        esi.click("a[data-key=e]")
    esi.wait_for(f"/customers/{ngozi.id}/edit")
    if script:
        esi.page.wait_for_function("() => document.activeElement.id === 'first_name'")
        esi.type("Ngozi")
    else:
        esi.fill("#first_name", "Ngozi")
    esi.press("Enter")
    esi.wait_for(f"/customers/{ngozi.id}$")
    assert esi.actions <= 3
    assert f"Ngozi {ngozi.last_name}" in esi.text
    assert "Ngozi" in esi.page.locator("#toasts").inner_text()


@WITH_AND_WITHOUT
def test_add_a_customer_with_a_national_phone_number(visit, script):
    esi = visit("Esi", script=script).open("/customers")
    if script:
        esi.press("n")
    else:
        esi.click("a[data-key=n]")
    esi.wait_for("/customers/new")
    esi.page.fill("#first_name", "Đặng")
    esi.page.fill("#last_name", "Thị Hương")
    esi.page.fill("#email", f"huong{int(script)}@bücher.example.com")
    esi.choose("#country", "VN")
    esi.page.fill("#phone", "091 234 567" + str(int(script)))
    if script:
        esi.page.keyboard.press("Tab")
        esi.page.locator("#phone-note", has_text="We save +84 912 345 67").wait_for()
    esi.click("form.form .primary")
    esi.wait_for("/customers/[0-9a-f-]{36}$")
    assert "+84 912 345 67" in esi.text
    assert "Đặng Thị Hương" in esi.text


@WITH_AND_WITHOUT
def test_a_probable_duplicate_is_asked_about_on_the_way(visit, ngozi, script, figure):
    """Enter is quicker than the check of the field; looking at one loses nothing typed."""
    esi = visit("Esi", script=script).open("/customers/new")
    esi.fill("#first_name", "Ngozichukwu")
    esi.fill("#email", f"other.{ngozi.reference.lower()}@example.com")
    esi.fill("#phone", ngozi.phone)
    esi.press("Enter")
    question = esi.page.locator("#question", has_text="may be the same person")
    question.wait_for()
    with esi.page.context.expect_page() as opened:
        esi.click("#question a.button")
    assert str(ngozi.id) in opened.value.url
    opened.value.close()
    assert esi.page.input_value("#first_name") == "Ngozichukwu"
    esi.page.focus("#email")
    with esi.page.expect_response(lambda answer: answer.request.method == "POST") as hurried:
        esi.press("Enter")
    assert hurried.value.status == 409, "a hurried Enter saves nobody"
    question.wait_for()
    esi.click("#question button")
    esi.wait_for("/customers/[0-9a-f-]{36}$")
    esi.page.locator("#toasts", has_text="is in the book").wait_for()


@WITH_AND_WITHOUT
def test_an_entry_for_a_phone(visit, ngozi, script, figure):
    """Whom it is about is shown before it counts."""
    esi = visit("Esi", script=script).open("/entries")
    esi.click(".page-head a.primary")
    esi.fill("#value", ngozi.phone)
    esi.click("#reason-0")
    esi.press("Enter")
    esi.page.locator("#radius", has_text="1 customer matches").wait_for()
    esi.click("#add")
    esi.wait_for("/entries/[0-9]+$")
    esi.page.locator("#matching", has_text=ngozi.full_name).wait_for()
    esi.looks_right() if script else esi.fits()
    assert esi.actions <= 5
    figure(f"an entry for a phone added: {esi.actions} actions")
    esi.click("#undo-form button")
    esi.page.locator("h1 ~ .tag", has_text="Undone").wait_for()


@WITH_AND_WITHOUT
def test_two_records_are_merged(visit, site, ngozi, script, figure):
    """From the page of one, where the other stands as similar; the result is seen on the way."""
    email = f"twin{int(script)}.{ngozi.email}"
    twin = site.add(first_name="Ngozi", last_name=ngozi.last_name, email=email, phone=ngozi.phone)
    ama = visit("Ama", script=script).open(f"/customers/{ngozi.id}")
    ama.click(f"#possible-duplicates a[href*='{twin.id}'][href*=merge]")
    ama.click("input[name=first_name]:not(:checked)")
    if script:
        ama.page.locator("#result", has_not_text="Ngozi").wait_for()
        ama.looks_right()
    ama.fill("#note", "One passport.")
    ama.click("form.form .primary")
    ama.wait_for(f"/customers/{ngozi.id}$")
    ama.page.locator("#also-known", has_text=twin.reference).wait_for()
    assert ama.actions <= 5
    figure(f"two records merged: {ama.actions} actions")
    ama.open(f"/customers/{twin.id}").wait_for(f"/customers/{ngozi.id}$")
    ama.click("#also-known a.button")
    ama.fill("#note", "Two passports.")
    ama.click("form.form .primary")
    ama.page.locator("#toasts", has_text="is a customer again").wait_for()


@WITH_AND_WITHOUT
def test_errors_come_back_with_everything_typed(visit, script):
    esi = visit("Esi", script=script).open("/customers/new")
    esi.page.fill("#first_name", "Kofi")
    esi.page.fill("#email", "kofi@")
    if script:  # the note on the address moves the button, perhaps between press and release
        esi.page.locator("#email").blur()
        esi.page.locator("#email[aria-invalid=true]").wait_for()
    esi.click("form.form .primary")
    summary = esi.page.locator("#error-summary")
    summary.wait_for()
    assert esi.page.input_value("#email") == "kofi@"
    assert esi.page.locator("#email").get_attribute("aria-invalid") == "true"
    if script:
        esi.page.locator("#error-summary:focus").wait_for()
        assert esi.url.endswith("/customers/new")
    summary.locator("a").first.click()
    assert esi.page.locator(":focus").get_attribute("id") == "email"


@WITH_AND_WITHOUT
def test_two_editors_of_the_same_field(visit, ngozi, script):
    esi, ama = (
        visit(name, script=script).open(f"/customers/{ngozi.id}/edit") for name in ("Esi", "Ama")
    )
    for one, name in ((esi, "Ngozi"), (ama, "Ngosi")):
        one.page.fill("#first_name", name)
        one.page.locator("form.form .primary").click()
        if one is esi:
            one.wait_for(f"/customers/{ngozi.id}$")
    ama.page.locator("#clashes").wait_for()
    assert "Keep theirs: Ngozi, by Esi" in ama.page.locator("#clashes").inner_text()
    ama.page.get_by_label("Keep theirs: Ngozi").check()
    ama.page.locator("form.form .primary").click()
    ama.wait_for(f"/customers/{ngozi.id}$")
    assert f"Ngozi {ngozi.last_name}" in ama.text


@WITH_AND_WITHOUT
def test_sign_in_and_out(visit, script):
    ama = visit(None, script=script).open("/customers?standing=blacklisted")
    ama.wait_for("/sign-in")
    ama.page.fill("#email", "ama@example.com")
    ama.page.fill("#password", "correct horse battery")
    ama.page.keyboard.press("Enter")
    ama.wait_for("/customers\\?standing=blacklisted")
    ama.page.get_by_role("button", name="Sign out").click()
    ama.wait_for("/sign-in")
    ama.open("/customers")
    ama.wait_for("/sign-in")


@WITH_AND_WITHOUT
def test_filters_and_pages_live_in_the_address(visit, script):
    esi = visit("Esi", script=script).open("/customers")
    esi.page.fill("#q", "example.com")
    esi.choose("#standing", "good")
    if script:
        esi.wait_for_search()
    else:
        esi.page.get_by_role("button", name="Apply").click()
    esi.page.locator("#page-next").click()
    esi.page.wait_for_url("**page=2**")
    shared, names = esi.url, esi.names
    assert "example" not in shared
    assert "standing=good" in shared
    esi.page.reload()
    assert esi.names == names
    assert esi.page.input_value("#q") == "example.com"
    yaw = visit("Yaw", script=script).open(shared)
    assert yaw.names == names
    assert yaw.page.input_value("#q") == "example.com"


@WITH_AND_WITHOUT
def test_nobody_found_leads_to_adding_them(visit, script):
    esi = visit("Esi", script=script).open("/customers")
    esi.page.fill("#q", "0803 999 12")
    esi.page.keyboard.press("Enter")
    esi.page.get_by_role("link", name="Add a customer with this phone").click()
    esi.wait_for("/customers/new\\?s=")
    assert esi.page.input_value("#phone") == "0803 999 12"
    assert "0803" not in esi.url


@WITH_AND_WITHOUT
def test_the_menu_is_a_drawer_on_a_phone(visit, script):
    esi = visit("Esi", script=script, width=390).open("/customers")
    assert not esi.page.locator("#sidebar").is_visible()
    esi.page.get_by_role("button", name="Menu").click()
    esi.page.locator("#sidebar").wait_for(state="visible")
    esi.page.locator("#sidebar").get_by_role("link", name="Customers").click()
    esi.wait_for("/customers$")


def test_a_row_has_a_menu(visit):
    """One menu serves all rows: it is always that of the row where it was opened."""
    esi = visit("Esi").open("/customers")
    for row in (2, 0):
        name = esi.page.locator("[data-rows] .name").nth(row)
        esi.page.locator(".more").nth(row).click()
        menu = esi.page.locator(".menu:popover-open")
        assert menu.inner_text().split("\n")[:2] == ["Open", "Edit"]
        edit = menu.get_by_role("link", name="Edit")
        assert edit.get_attribute("href") == f"{name.get_attribute('href')}/edit"
        second = esi.page.locator("[data-rows] .second:not(.narrow)").nth(row)
        copy = menu.get_by_text("Copy e-mail")
        assert copy.get_attribute("data-copy") == second.inner_text()
        phone = esi.page.locator("[data-rows] td.figures").nth(row).inner_text()
        copy_phone = menu.locator("[data-copy-of=phone]")
        assert copy_phone.is_visible() is bool(phone)
        assert copy_phone.get_attribute("data-copy") == phone.replace(" ", "")
    menu.get_by_role("link", name="Edit").click()
    esi.wait_for("/customers/.*/edit")
