"""The short set of journeys, in each engine that staff may have. `make test` runs it at the floor
of browsers; `make test-browsers` in Firefox and WebKit too.
"""

import os
from itertools import count

import pytest

from tests.browser.engines import engine, shows, until
from tests.support import cast

ENGINES = os.environ.get("BROWSER_ENGINES", "floor").split(",")
NUMBERS = count()
# Selenium's own call of itself.
pytestmark = pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")
IS_WITHOUT_SIDEWAYS = "document.documentElement.scrollWidth <= innerWidth + 1"


@pytest.fixture(scope="module", params=ENGINES)
def opener(request, playwright):
    with engine(request.param, playwright) as opener:
        yield opener


@pytest.fixture
def window(opener, site):
    """`window("Esi")` is her window; at the end there may have been no error in its scripts."""
    windows = []

    def open_window(name, at=site):
        windows.append(opener(at, name))
        return windows[-1]

    yield open_window
    for one in windows:
        one.close()
    assert [complaint for one in windows for complaint in one.complaints] == []


@pytest.fixture
def caller(site):
    number = next(NUMBERS)
    return site.add(
        first_name="Nuru", last_name=f"Engine{number}", email=f"nuru{number}@example.com",
        phone=None,
    )  # fmt: skip


def test_signing_in_begins_in_the_address(window):
    esi = window(None)
    esi.open("/sign-in")
    until(esi, "document.activeElement.id === 'email'")
    esi.type("esi@example.com")
    esi.fill("#password", cast.PASSWORD)
    esi.press("Enter")
    shows(esi, "h1", "Home")


def test_a_caller_is_found_and_the_third_hit_opened_by_keys(window, caller):
    esi = window("Esi")
    esi.open("/check")
    esi.press("Control+k")
    esi.type(caller.last_name)
    shows(esi, "#found a", caller.last_name)
    esi.press("ArrowDown")
    until(esi, "document.activeElement.matches('#found a')")
    esi.press("Enter")
    until(esi, f"location.pathname === '/customers/{caller.id}'")


def test_a_phone_is_put_right(window, caller):
    esi = window("Esi")
    esi.open(f"/customers/{caller.id}")
    esi.press("e")
    until(esi, "location.pathname.endsWith('/edit')")
    phone = f"+233 24 517 {next(NUMBERS):04}"
    esi.fill("#phone", phone)
    esi.press("Enter")
    shows(esi, "#details", phone)
    shows(esi, ".toast", "saved")
    until(esi, "document.activeElement !== document.body")


def test_blacklisting_and_undoing_it(window, caller):
    esi = window("Esi")
    esi.open(f"/customers/{caller.id}")
    esi.press("b")
    until(esi, "document.activeElement.id === 'reason-0'")
    esi.press("1")
    esi.press("Enter")
    shows(esi, "#record .tag", "Blacklisted")
    shows(esi, ".toast", "blacklist")
    esi.click("#record [data-key=u]")
    until(esi, "!document.querySelector('#record .tag')?.textContent.includes('Blacklisted')")


def test_escape_asks_once_before_typing_is_lost(window, caller):
    esi = window("Esi")
    esi.open(f"/customers/{caller.id}")
    esi.press("b")
    until(esi, "document.activeElement.id === 'reason-0'")
    esi.fill("#dialog textarea", "She said that her cards")
    esi.press("Escape")
    until(esi, "document.querySelector('#dialog').open")
    assert esi.run("document.querySelector('#dialog textarea').value") == "She said that her cards"
    esi.press("Escape")
    until(esi, "!document.querySelector('#dialog').open")


def test_a_note_of_a_call(window, caller):
    esi = window("Esi")
    esi.open(f"/customers/{caller.id}")
    esi.press("t")
    esi.type("She asked about her card.")
    esi.press("Control+Enter")
    shows(esi, "#notes li", "She asked about her card.")


def test_days_by_name_stand_in_their_fields(window):
    esi = window("Esi")
    esi.open("/customers")
    assert esi.run("document.querySelector('#created_from').value") == ""
    esi.click("button[name=created][value='7-days']")
    until(esi, "/^\\d{4}-\\d\\d-\\d\\d$/.test(document.querySelector('#created_from').value)")


def test_typing_searches_and_no_id_stands_twice(window, caller):
    esi = window("Esi")
    esi.open("/customers")
    esi.fill("#q", caller.last_name)
    shows(esi, "#results .name", caller.last_name)
    until(esi, "document.querySelectorAll('#results .name').length === 1")
    ids = esi.run("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    esi.press("Control+k")
    until(esi, "document.activeElement.id === 'q'")


def test_the_menu_of_a_row_opens_or_is_not_shown(window):
    esi = window("Esi")
    esi.open("/customers")
    knows = esi.run("CSS.supports('selector(:popover-open)')")
    hidden = "getComputedStyle(document.querySelector('#row-menu')).display === 'none'"
    until(esi, hidden)
    if knows and esi.run("document.querySelector('#row-menu').matches('[popover]')"):
        esi.press("j")
        esi.press(".")
        until(esi, f"!({hidden})")
        until(esi, "document.activeElement.textContent === 'Open'")
        esi.press("Escape")
        until(esi, hidden)


def test_the_navigation_leads_on_from_a_narrow_page(window):
    esi = window("Esi")
    esi.narrow()
    esi.open("/customers")
    until(esi, IS_WITHOUT_SIDEWAYS)
    if esi.run("document.querySelector('.topbar [aria-label=Menu]').offsetParent !== null"):
        esi.click(".topbar [aria-label=Menu]")
    esi.click("nav a[href='/check']")
    until(esi, f"location.pathname === '/check' && {IS_WITHOUT_SIDEWAYS}")


def test_a_manager_decides_by_keys(window, quiet_site, queue):
    queue(2)
    ama = window("Ama", quiet_site)
    ama.open("/review")
    shows(ama, ".case h2", "Number0 Waiting")
    ama.press("a")
    shows(ama, ".case h2", "Number1 Waiting")
    ama.press("r")
    until(ama, "document.activeElement.matches('.case textarea')")
    ama.type("The cards were her own.")
    ama.press("Control+Enter")
    shows(ama, "#nothing-waits")


def test_back_brings_the_form_as_it_was(window):
    esi = window("Esi")
    esi.open("/customers/new")
    esi.fill("#first_name", "Half")
    esi.fill("#email", "half@example.com")
    esi.open("/check")
    esi.run("history.back()")
    until(esi, "location.pathname === '/customers/new'")
    until(esi, "document.querySelector('#first_name')?.value === 'Half'")
    assert esi.run("document.querySelector('#email').value") == "half@example.com"
