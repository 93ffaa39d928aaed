"""Searching from every page: in few keys, without script, and the customers looked at last."""

import pytest

from tests.browser.visits import WITH_AND_WITHOUT


@pytest.fixture(scope="module")
def people(site):
    details = {"first_name": "Findme", "phone": None}
    return [
        site.add(last_name=f"Number{n}", email=f"find{n}@example.com", **details) for n in range(4)
    ]


PAGES = ("/", "/check", "/help", "/account", "/customers/new")


@pytest.mark.parametrize("path", PAGES)
def test_a_caller_is_found_from_any_page_in_three_actions(visit, people, path, figure):
    esi = visit("Esi").open(path)
    is_typing = path in ("/check", "/customers/new")
    esi.press("Control+k" if is_typing else "/")
    esi.type("findme number2")
    esi.press("Enter")
    esi.wait_for(f"/customers/{people[2].id}$")
    assert esi.actions == 3
    figure(f"a caller found from {path}: {esi.actions} actions")


def test_the_third_hit_in_four_keys(visit, people, figure):
    esi = visit("Esi").open("/")
    esi.press("/")
    esi.type("findme")
    esi.page.locator("#found a").nth(3).wait_for()
    third = esi.page.locator("#found a").nth(2).get_attribute("href")
    before = esi.actions
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Enter"):
        esi.press(key)
    esi.wait_for(f"{third}$")
    assert esi.actions - before == 4
    figure("the third hit: 4 keys")


def test_arrows_lead_back_and_escape_leaves(visit, people):
    esi = visit("Esi").open("/check")
    esi.press("Control+k")
    esi.type("findme")
    esi.page.locator("#found a").nth(3).wait_for()
    esi.press("ArrowDown")
    esi.press("ArrowUp")
    assert esi.page.evaluate("document.activeElement.id") == "find-text"
    esi.is_accessible()
    esi.press("Escape")
    assert not esi.page.locator("#found").is_visible()


@WITH_AND_WITHOUT
def test_who_was_looked_at_last_stands_on_home(visit, people, script):
    esi = visit("Esi", script=script)
    for person in (people[1], people[3], people[1]):
        esi.open(f"/customers/{person.id}")
    esi.open("/")
    names = esi.page.locator("#viewed li p:first-child").all_inner_texts()
    assert names[:2] == ["Findme Number1", "Findme Number3"]
    if script:
        esi.press("/")
        esi.page.locator("#found a", has_text="Findme Number1").first.wait_for()


def test_what_was_looked_at_is_nobody_elses_business(visit, people):
    esi = visit("Esi").open(f"/customers/{people[0].id}")
    kept = [cookie for cookie in esi.context.cookies() if cookie["name"] == "gatebook-viewed"]
    assert kept[0]["httpOnly"]
    ama = visit("Ama")
    ama.context.add_cookies(
        [{"name": "gatebook-viewed", "value": kept[0]["value"], "url": ama.site.address}]
    )
    ama.open("/")
    assert "Findme" not in ama.page.locator("#viewed").inner_text()


def test_a_search_without_script_leads_to_the_list(visit, people):
    esi = visit("Esi", script=False).open("/check")
    esi.fill("#find-text", "findme")
    esi.click("#find button")
    assert "Findme Number3" in esi.text
    assert "/customers?" in esi.page.url
    esi.open("/check")
    esi.fill("#find-text", "findme number3")
    esi.click("#find button")
    assert f"/customers/{people[3].id}" in esi.page.url


def test_did_you_mean(visit, people):
    esi = visit("Esi").open("/customers")
    esi.page.fill("#q", "findem")
    esi.page.locator("#close-names a", has_text="Findme Number").first.click()
    esi.wait_for("/customers/[0-9a-f-]{36}$")
    assert "Findme Number" in esi.page.locator("h1").inner_text()


@WITH_AND_WITHOUT
def test_on_to_the_next_customer_of_a_result_and_back_to_the_row(visit, people, script):
    esi = visit("Esi", script=script).open("/customers")
    esi.fill("#q", "findme")
    esi.page.keyboard.press("Enter")
    esi.page.locator("#results .name", has_text="Findme Number3").wait_for()
    esi.page.locator("#pager", has_text="of 4").wait_for()
    names = esi.names
    esi.click(f"#results .name:has-text('{names[1]}')")
    esi.page.locator("h1", has_text=names[1]).wait_for()
    assert "2 of 4" in esi.text
    if script:
        esi.press("n")
    else:
        esi.click("[rel=next]")
    esi.page.locator("h1", has_text=names[2]).wait_for()
    third = esi.page.url.rpartition("/")[2]
    esi.click(".beside a:has-text('Back to the list')")
    esi.wait_for("/customers\\?s=.*#c-")
    assert esi.names == names
    if script:
        focused = "document.activeElement.closest('tr')?.id"
        esi.page.wait_for_function(f"() => {focused} === 'c-{third}'")


def test_who_is_on_no_list_has_no_neighbours(visit, people, site):
    esi = visit("Esi").open("/customers?standing=waiting")
    esi.open(f"/customers/{people[0].id}")
    assert esi.page.locator(".beside").count() == 0
    broken = {"name": "gatebook-list", "value": "not.base64!", "url": f"{site.address}/customers"}
    esi.context.add_cookies([broken])
    esi.open(f"/customers/{people[0].id}")
    assert esi.page.locator(".beside").count() == 0


@pytest.mark.parametrize(
    ("typed", "code"), [("cote", "CI"), ("isle", "IM"), ("Aland", "AX"), ("united k", "GB")]
)
def test_typing_finds_a_country_without_accents_and_by_any_word(visit, typed, code):
    esi = visit("Esi").open("/customers/new")
    esi.page.focus("#country")
    esi.type(typed)
    assert esi.page.input_value("#country") == code
