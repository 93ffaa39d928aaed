"""What only works with script: typing, keys, dialogs, copying, lost connections, Back."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Error
from sqlalchemy import delete

from tests.browser.conftest import launch
from tests.browser.visits import Visit
from tests.support.cast import PASSWORD
from tests.support.find_browser import WHOLE
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.staff.models import StaffMember, StaffSession

# Milliseconds between two letters, less than the delay before a search starts.
TYPED_EVERY = 200


@pytest.fixture
def sign_out_everybody(site):
    def sign_out():
        with site.book.app.app_context(), writing():
            db.session.execute(delete(StaffSession))

    return sign_out


def test_typing_searches_and_keeps_focus_and_caret(visit):
    esi = visit("Esi")
    esi.page.clock.install()
    esi.open("/customers")
    esi.press("/")
    before = len(esi.requests)
    esi.page.clock.pause_at(clock.now() + timedelta(hours=1))
    for letter in "okonjo":
        esi.page.keyboard.press(letter)
        esi.page.clock.run_for(TYPED_EVERY)
    assert not [request for request in esi.requests[before:] if request.method == "POST"]
    esi.page.clock.resume()
    esi.wait_for_search()
    posts = [request for request in esi.requests[before:] if request.method == "POST"]
    assert len(posts) == 1
    assert all("Okonjo" in name for name in esi.names)
    assert esi.names
    assert esi.page.evaluate(
        "[document.activeElement.id, document.activeElement.selectionStart]"
    ) == ["q", 6]
    assert esi.page.locator("mark").first.inner_text() == "Okonjo"


def test_back_and_forward_restore_list_and_search_box(visit):
    esi = visit("Esi").open("/customers")
    everybody = esi.names
    esi.page.fill("#q", "okonjo")
    esi.wait_for_search()
    okonjo = esi.names
    esi.page.fill("#q", "mensah")
    esi.page.wait_for_function(
        "() => document.querySelector('.name').textContent.includes('Mensah')"
    )
    esi.page.go_back()
    esi.page.wait_for_function("() => document.querySelector('#q').value === 'okonjo'")
    assert esi.names == okonjo
    esi.page.go_back()
    esi.page.wait_for_function("() => document.querySelector('#q').value === ''")
    assert esi.names == everybody
    esi.page.go_forward()
    esi.page.wait_for_function("() => document.querySelector('#q').value === 'okonjo'")
    assert esi.names == okonjo


def test_keys_move_through_rows_and_open_them(visit):
    esi = visit("Esi").open("/customers")
    names = esi.names
    for key, expected in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        esi.page.keyboard.press(key)
        assert esi.page.evaluate("document.activeElement.innerText") == names[expected]
    esi.page.keyboard.press(".")
    esi.page.wait_for_function("() => document.activeElement.innerText === 'Open'")
    esi.page.keyboard.press("ArrowDown")
    assert esi.page.evaluate("document.activeElement.innerText").startswith("Edit")
    esi.page.keyboard.press("Escape")
    esi.page.keyboard.press("e")
    esi.wait_for("/customers/.*/edit")
    esi.page.go_back()
    esi.page.keyboard.press("j")
    esi.page.keyboard.press("Enter")
    esi.wait_for("/customers/[0-9a-f-]{36}$")
    esi.page.keyboard.press("g")
    esi.page.keyboard.press("c")
    esi.wait_for("/customers$")


def test_the_help_lists_the_keys_of_the_page(visit):
    esi = visit("Esi").open("/customers")
    esi.page.keyboard.press("?")
    dialog = esi.page.locator("#keys")
    listed = dict(line.split("\n") for line in dialog.locator("li").all_inner_texts())
    assert {
        "Search": "/",
        "Add a customer": "n",
        "Go to customers": "g c",
        "Next row": "j",
        "Edit the row": "e",
    }.items() <= listed.items()
    esi.page.keyboard.press("n")
    assert dialog.is_visible(), "a dialog keeps the keys of the page behind it quiet"
    esi.page.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_keys_are_quiet_while_typing_and_when_switched_off(visit, site):
    esi = visit("Esi").open("/customers")
    esi.page.click("#q")
    esi.page.keyboard.type("n?e")
    assert esi.page.input_value("#q") == "n?e"
    assert esi.url.split("?")[0].endswith("/customers")
    kwame = visit("Kwame").open("/account/preferences")
    kwame.page.get_by_label("Single keys").uncheck()
    kwame.page.get_by_role("button", name="Save preferences").click()
    kwame.page.locator("#toasts .toast").wait_for()
    kwame.open("/customers")
    kwame.page.keyboard.press("n")
    kwame.page.wait_for_timeout(300)
    assert kwame.url.endswith("/customers")


def test_a_field_is_checked_when_it_is_left_not_before(visit, site):
    owner = site.add(email="taken@example.com", reference="taken-1")
    esi = visit("Esi").open("/customers/new")
    esi.page.fill("#first_name", "x")
    esi.page.click("#email")
    esi.page.keyboard.type("taken@example.com")
    assert esi.page.locator("#email-note").inner_text() == ""
    esi.page.keyboard.press("Tab")
    esi.page.locator("#email-note a").wait_for()
    assert esi.page.locator("#email-note a").get_attribute("href") == f"/customers/{owner.id}"
    assert esi.page.locator("#email").get_attribute("aria-invalid") == "true"
    esi.page.fill("#email", "free@example.com")
    esi.page.keyboard.press("Tab")
    esi.page.wait_for_function(
        "() => !document.querySelector('#email').hasAttribute('aria-invalid')"
    )


def test_a_double_click_saves_once(visit):
    esi = visit("Esi").open("/customers/new")
    for field, text in (
        ("first_name", "Double"),
        ("last_name", "Click"),
        ("email", "double.click@example.com"),
    ):
        esi.page.fill(f"#{field}", text)
    before = len(esi.requests)
    esi.page.locator("form.form .primary").dblclick()
    esi.wait_for("/customers/[0-9a-f-]{36}$")
    saves = [
        r for r in esi.requests[before:] if r.method == "POST" and r.url.endswith("/customers/new")
    ]
    assert len(saves) == 1


def test_a_lost_connection_says_so_and_keeps_the_form(visit):
    esi = visit("Esi").open("/customers/new")
    esi.page.fill("#first_name", "Kofi")
    esi.context.set_offline(True)
    esi.page.locator("form.form .primary").click()
    esi.page.locator(".toast", has_text="Nothing was saved").wait_for()
    assert esi.page.input_value("#first_name") == "Kofi"
    assert esi.page.locator("form.form .primary").is_enabled()
    esi.context.set_offline(False)
    lost = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "htmx:error")
    esi.complaints = [
        complaint for complaint in esi.complaints if not any(word in complaint for word in lost)
    ]


def test_an_answer_that_is_not_ours_never_lands_in_a_form(visit):
    esi = visit("Esi").open("/customers/new")
    esi.page.fill("#first_name", "Kofi")
    esi.page.route(
        "**/customers/new", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>")
    )
    esi.page.locator("form.form .primary").click()
    esi.page.locator(".toast", has_text="The server had a problem. Nothing was saved.").wait_for()
    assert esi.page.input_value("#first_name") == "Kofi"
    assert "Bad Gateway" not in esi.text
    esi.complaints = [complaint for complaint in esi.complaints if "502" not in complaint]


def sign_in_again(dialog, password):
    dialog.locator("#again-email").fill("esi@example.com")
    dialog.locator("#again-password").fill(password)
    dialog.get_by_role("button", name="Sign in").click()


def test_a_session_that_ends_while_typing_is_renewed_over_the_form(visit, sign_out_everybody):
    esi = visit("Esi").open("/customers/new")
    typed = {"first_name": "Late", "last_name": "Typist", "email": "late@example.com"}
    for field, text in typed.items():
        esi.page.fill(f"#{field}", text)
    sign_out_everybody()
    esi.page.keyboard.press("Enter")
    dialog = esi.page.locator("#again")
    dialog.locator("#again-email").wait_for()
    sign_in_again(dialog, "wrong")
    dialog.get_by_role("alert").wait_for()
    sign_in_again(dialog, PASSWORD)
    esi.page.locator(".toast", has_text="signed in again").wait_for()
    assert not dialog.is_visible()
    assert esi.page.input_value("#last_name") == "Typist"
    esi.page.locator("form#customer-form .primary").click()
    esi.wait_for("/customers/[0-9a-f-]{36}$")
    assert "Late Typist" in esi.text


def test_typing_survives_a_second_request_after_the_session_ended(visit, sign_out_everybody):
    esi = visit("Esi").open("/customers/new")
    esi.page.fill("#first_name", "Late")
    sign_out_everybody()
    esi.page.keyboard.press("Enter")
    esi.page.locator("#again[open] #again-email").fill("esi@example.com")
    with esi.page.expect_response(lambda response: response.status == 401):
        esi.page.evaluate(
            "document.getElementById('email').dispatchEvent(new Event('change', {bubbles: true}))"
        )
    esi.page.wait_for_timeout(200)
    assert esi.page.input_value("#again-email") == "esi@example.com"


def test_values_are_copied(visit, site):
    customer = site.add(email="copy.me@example.com", reference="copy-1")
    esi = visit("Esi").open(f"/customers/{customer.id}")
    esi.page.get_by_role("button", name="Copy e-mail").click()
    esi.page.locator(".toast", has_text="Copied").wait_for()
    assert esi.page.evaluate("navigator.clipboard.readText()") == "copy.me@example.com"
    esi.page.get_by_role("button", name="Dismiss").click()
    assert esi.page.locator(".toast").count() == 0


def test_nothing_is_left_in_browser_storage(visit):
    esi = visit("Esi").open("/customers")
    esi.page.fill("#q", "okonjo")
    esi.wait_for_search()
    assert esi.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert esi.page.evaluate("indexedDB.databases()") == []
    assert esi.page.evaluate("caches.keys()") == []


def test_the_theme_comes_from_the_server(visit, site):
    with site.book.app.app_context(), writing():
        db.session.query(StaffMember).filter_by(name="Kwame").update({"theme": "dark"})
    kwame = visit("Kwame", script=False).open("/customers")
    assert kwame.page.locator("html").get_attribute("data-theme") == "dark"
    with site.book.app.app_context(), writing():
        db.session.query(StaffMember).filter_by(name="Kwame").update({"theme": "system"})


def test_back_after_signing_out_shows_no_customer(playwright, site):
    browser = launch(playwright, names=WHOLE, ignore_default_args=["--disable-back-forward-cache"])
    esi = Visit(browser, site, "Esi").open("/customers")
    esi.page.evaluate("window.marker = 'kept'")
    esi.open("/account/preferences")
    _back(esi)
    assert esi.page.evaluate("window.marker") == "kept", "the back/forward cache is on in this test"
    esi.page.wait_for_function("() => !document.body.hidden")
    assert esi.names, "while signed in, Back shows the page at once"
    esi.page.get_by_role("button", name="Sign out").click()
    esi.wait_for("/sign-in")
    _back(esi)
    esi.page.wait_for_url(re.compile("/sign-in"))
    assert esi.names == []
    esi.close()
    browser.close()


def test_back_after_the_session_ended_shows_no_customer(playwright, site, sign_out_everybody):
    browser = launch(playwright, names=WHOLE, ignore_default_args=["--disable-back-forward-cache"])
    esi = Visit(browser, site, "Esi").open("/customers")
    esi.open("/account/preferences")
    sign_out_everybody()
    _back(esi)
    esi.page.wait_for_url(re.compile("/sign-in"))
    assert esi.names == []
    esi.close()
    browser.close()


def _back(visit):
    """Playwright waits in vain for a page restored from the back/forward cache."""
    try:
        visit.page.go_back(timeout=2_000)
    except Error as error:
        assert "Timeout" in str(error)
