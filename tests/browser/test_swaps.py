"""Each page that changes in place is as accessible as a fresh one: looked at after each swap."""

import pytest

from tests.browser.visits import LOOKS
from tests.support.cast import actor
from webapp.blacklist import opening


@pytest.fixture(scope="module")
def twins(site):
    """Two similar people, one of them blacklisted."""
    first = site.add(first_name="Swapped", last_name="One", email="swapped.one@example.com")
    second = site.add(first_name="Swapped", last_name="Two", email="swapped.two@example.com")
    with site.book.app.app_context():
        opening.open_case(second.id, reason="fraud", note="Two cards.", by=actor("Kwame"))
    return first, second


@LOOKS
def test_the_list_after_each_swap(visit, twins, width, dark):
    esi = visit("Esi", width=width, dark=dark).open("/customers")
    esi.page.fill("#q", "swapped")
    esi.wait_for_search()
    esi.looks_right()
    esi.choose("#standing", "blacklisted")
    esi.page.locator("#pager", has_text="of 1").wait_for()
    esi.has_unique_ids()
    esi.looks_right()
    esi.page.fill("#q", "nobody is called this")
    esi.page.locator("#results .empty").wait_for()
    esi.has_unique_ids()
    esi.looks_right()
    esi.page.fill("#created_from", "soon")
    esi.page.locator("#created_from").blur()
    esi.page.locator(".toast").first.wait_for()
    esi.wait_for_toast()
    esi.looks_right()


@LOOKS
def test_a_customer_after_each_swap(visit, twins, width, dark):
    first, _ = twins
    esi = visit("Esi", width=width, dark=dark).open(f"/customers/{first.id}")
    esi.open_blacklist_dialog()
    esi.looks_right()
    esi.press("7")
    esi.press("Control+Enter")
    esi.page.locator("#dialog #error-summary").wait_for()
    esi.looks_right()
    esi.press("1")
    esi.press("Enter")
    esi.wait_for_toast()
    esi.has_unique_ids()
    esi.looks_right()
    esi.press("u")
    esi.page.locator("#blacklisting").wait_for(state="detached")
    esi.has_unique_ids()
    esi.looks_right()
    esi.press("t")
    esi.type("Called.")
    esi.press("Control+Enter")
    esi.page.locator("#notes li", has_text="Called.").first.wait_for()
    esi.wait_for_toast()
    esi.has_unique_ids()
    esi.looks_right()
    esi.click("#notes summary")
    esi.looks_right()
    esi.press("Control+k")
    esi.type("swapped")
    esi.page.locator("#found a").first.wait_for()
    esi.has_unique_ids()
    esi.looks_right()


@LOOKS
def test_the_queue_after_each_swap(visit, quiet_site, queue, width, dark):
    queue(3)
    ama = visit("Ama", site=quiet_site, width=width, dark=dark).open("/review")
    ama.press("r")
    ama.page.locator(".case .error").wait_for()
    ama.looks_right()
    ama.type("The cards were her own.")
    ama.press("Control+Enter")
    ama.page.locator(".case:not([hidden]) h2", has_text="Number1 Waiting").wait_for()
    ama.wait_for_toast()
    ama.has_unique_ids()
    ama.looks_right()
    ama.press("a")
    ama.page.locator(".case:not([hidden]) h2", has_text="Number2 Waiting").wait_for()
    ama.wait_for_toast()
    ama.press("a")
    ama.page.locator("#nothing-waits").wait_for()
    ama.has_unique_ids()
    ama.looks_right()
