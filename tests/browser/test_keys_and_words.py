"""Keys are those of the letters that people see, each is heard, and nothing that was typed goes
without a question.
"""

from itertools import count

import pytest
from playwright.sync_api import expect

from tests.support.cast import actor
from webapp.blacklist import opening
from webapp.blacklist.case import customer_of

NUMBERS = count()


@pytest.fixture
def kofi(site):
    return site.add(email=f"keys{next(NUMBERS)}@example.com", phone=None)


def dispatch(visit, **event):
    """A key as another keyboard sends it."""
    visit.page.evaluate(
        "(event) => document.body.dispatchEvent(new KeyboardEvent('keydown', "
        "{bubbles: true, cancelable: true, ...event}))",
        event,
    )


def test_cancel_in_a_dialog_with_text_asks_once(visit, kofi):
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.open_blacklist_dialog()
    esi.page.fill("#dialog textarea", "Two cards.")
    cancel = esi.page.locator("#dialog [data-close]").last
    cancel.click()
    esi.page.locator(".toast", has_text="is not saved").wait_for()
    assert esi.page.locator("#dialog[open] textarea").first.input_value() == "Two cards."
    cancel.click()
    esi.page.locator("#dialog[open]").wait_for(state="detached")


def test_a_note_in_the_queue_is_not_lost_to_a_link(visit, quiet_site, queue):
    queue(1)
    ama = visit("Ama", site=quiet_site).open("/review")
    asked = []
    ama.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    ama.page.locator(".case:not([hidden]) .decide textarea").first.fill("Two cards.")
    ama.page.click("nav a[href='/customers']")
    ama.page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert "/review" in ama.url


def test_a_key_is_its_letter_not_its_place(visit, kofi):
    """On AZERTY the letter e is where QWERTY has e, but a is where q is; on layouts without Latin
    letters the place counts.
    """
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    dispatch(esi, key="q", code="KeyE")
    esi.page.wait_for_timeout(200)
    assert esi.url.endswith(str(kofi.id))
    dispatch(esi, key="e", code="KeyX")
    esi.page.wait_for_url("**/edit")
    esi.open(f"/customers/{kofi.id}")
    dispatch(esi, key="у", code="KeyE")
    esi.page.wait_for_url("**/edit")


@pytest.mark.parametrize("event", [{"key": "Dead"}, {"isComposing": True}, {"altKey": True}])
def test_what_only_makes_a_letter_is_no_key(visit, kofi, event):
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    dispatch(esi, **({"key": "e", "code": "KeyE"} | event))
    esi.page.wait_for_timeout(300)
    assert esi.url.endswith(str(kofi.id))


def test_a_key_that_opens_a_dialog_is_heard_at_once(visit, kofi):
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.page.route("**/blacklist*", lambda route: None)  # a line that never answers
    esi.page.keyboard.press("b")
    esi.page.wait_for_function("() => document.documentElement.hasAttribute('data-busy')")
    height = esi.page.evaluate(
        "parseFloat(getComputedStyle(document.documentElement, '::before').blockSize)"
        " || parseFloat(getComputedStyle(document.body, '::before').blockSize)"
    )
    assert height > 0


def test_the_customer_before_is_one_key_away(visit, site):
    for number in range(3):
        site.add(email=f"row{number}@example.com", phone=None, last_name=f"Rowly {number}")
    esi = visit("Esi").open("/customers")
    esi.fill("#q", "Rowly")
    esi.page.keyboard.press("Enter")
    esi.page.locator("#pager", has_text="of 3").wait_for()
    first, second, _ = esi.names
    esi.click(f"#results .name:has-text('{second}')")
    esi.page.locator("h1", has_text=second).wait_for()
    esi.press("p")
    esi.page.locator("h1", has_text=first).wait_for()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_message_never_holds_the_next_action(visit, site, width):
    for number in range(2):
        customer = site.add(email=f"held{width}.{number}@example.com", phone=None)
        with site.book.app.app_context():
            opening.open_case(customer.id, reason="fraud", by=actor("Esi"))
    ama = visit("Ama", width=width).open("/review")
    ama.page.locator(".case:not([hidden]) [value=upheld]").click()
    ama.wait_for_toast()
    toast = ama.page.locator(".toast").bounding_box()
    for button in ama.page.locator(".case:not([hidden]) .decide .button").all():
        box = button.bounding_box()
        assert box["y"] > toast["y"] + toast["height"] or box["y"] + box["height"] < toast["y"]
    ama.page.locator(".case:not([hidden]) [value=upheld]").click(timeout=3_000)
    expect(ama.page.locator(".toast").first).to_be_visible()


def test_a_press_counts_even_if_a_note_pushes_the_button_away(visit, kofi):
    """Pressing leaves the field, whose check answers before the finger is lifted."""
    esi = visit("Esi", width=390).open(f"/customers/{kofi.id}/edit")
    esi.page.fill("#phone", "123")
    button = esi.page.locator("#customer-form .primary")
    button.scroll_into_view_if_needed()
    before = button.bounding_box()
    esi.page.mouse.move(before["x"] + 20, before["y"] + 3)
    esi.page.mouse.down()
    esi.page.locator("#phone-note.error").wait_for()
    assert button.bounding_box()["y"] > before["y"] + 3, "the note pushes it away"
    esi.page.mouse.up()
    esi.page.locator("#error-summary").wait_for()


def test_a_press_that_is_drawn_away_does_not_count(visit, kofi):
    esi = visit("Esi").open(f"/customers/{kofi.id}/edit")
    button = esi.page.locator("#customer-form .primary").bounding_box()
    esi.page.fill("#email", "not an address")
    esi.page.mouse.move(button["x"] + 5, button["y"] + 5)
    esi.page.mouse.down()
    esi.page.mouse.move(button["x"] + 5, button["y"] + 200, steps=4)
    esi.page.mouse.up()
    esi.page.wait_for_timeout(300)
    assert esi.page.locator("#error-summary").count() == 0


def test_no_key_is_named_where_none_works(visit, kofi):
    esi = visit("Esi", script=False)
    for path in ("/customers", f"/customers/{kofi.id}", "/customers/new"):
        esi.open(path)
        for shown in esi.page.locator("kbd, [data-copy]").all():
            assert not shown.is_visible(), path


def test_the_actions_of_a_call_are_few(visit, site, figure):
    kofi = site.add(email=f"call{next(NUMBERS)}@example.com", phone="+233201239999")
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.press("e")
    esi.page.locator("#phone").wait_for()
    esi.click("#phone")
    esi.press("Control+a")
    esi.type("+233 24 517 0093")
    esi.press("Enter")
    esi.page.locator("#details", has_text="24 517 0093").wait_for()
    assert esi.actions == 5
    figure(f"a phone put right: {esi.actions} actions")
    before = esi.actions
    esi.press("t")
    esi.type("She called.")
    esi.press("Control+Enter")
    esi.page.locator("#notes li", has_text="She called.").wait_for()
    assert esi.actions - before == 3


def test_the_keys_lead_to_the_help_page(visit):
    esi = visit("Esi").open("/customers")
    esi.press("?")
    esi.click("#keys a:has-text('Open help')")
    esi.page.wait_for_url("**/help")


def test_text_stands_clear_of_the_lines_of_its_row(visit, site):
    site.add(email="clear@example.com", phone=None)
    esi = visit("Esi").open("/customers")
    gaps = esi.page.evaluate(
        """() => [...document.querySelectorAll("#results tbody tr")].flatMap((row) => {
            const box = row.getBoundingClientRect();
            const texts = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
            const found = [];
            while (texts.nextNode()) {
                const range = document.createRange();
                range.selectNodeContents(texts.currentNode);
                const line = range.getBoundingClientRect();
                if (texts.currentNode.data.trim() && line.width > 1) {
                    found.push(line.top - box.top, box.bottom - line.bottom);
                }
            }
            return found;
        })"""
    )
    assert gaps
    assert min(gaps) >= 1, min(gaps)  # of the box around the line, which is higher than letters


def test_skip_stays_in_its_place_when_a_removal_was_asked_for(visit, quiet_site, queue):
    cases = queue(1)
    ama = visit("Ama", site=quiet_site, width=1440).open(f"/review/{cases[0]}")
    places = []
    for _ in range(2):
        ama.open(f"/review/{cases[0]}")
        buttons = ama.page.locator(".case:not([hidden]) .decide .button").all()
        places.append([(b.inner_text(), round(b.bounding_box()["x"])) for b in buttons])
        with quiet_site.book.app.app_context():
            customer = customer_of(cases[0])
            if len(places) == 1:
                opening.ask_for_lift(customer, case_seq=cases[0], note="Hers.", by=actor("Esi"))
    before, after = (dict(one) for one in places)
    assert {name: x for name, x in after.items() if name in before} == before
