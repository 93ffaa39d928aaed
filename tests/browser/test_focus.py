"""The focus: it stays with what was acted on, and begins where one types."""

import pytest

from tests.support.cast import PASSWORD, actor
from webapp.blacklist import opening

FOCUS = "() => (document.activeElement.id || document.activeElement.tagName)"
TYPED_FIRST = {
    "/check": "email",
    "/customers/new": "first_name",
    "/staff/new": "name",
    "/api-keys/new": "name",
    "/account/password": "current_password",
}


TOLD = {
    "blacklist": "is blacklisted",
    "undo": "is undone",
    "note": "The note is saved",
    "pin": "The note is pinned",
    "apart": "different people",
    "compared": "compared again",
}


@pytest.mark.parametrize("path", TYPED_FIRST)
def test_the_focus_begins_where_one_types(visit, path):
    adwoa = visit("Adwoa").open(path)
    adwoa.page.wait_for_function(f"(id) => ({FOCUS})() === id", arg=TYPED_FIRST[path])


def test_signing_in_begins_with_the_address(visit):
    assert visit(None).open("/sign-in").page.evaluate(FOCUS) == "email"


GAPS = """() => {
    const columns = {};
    for (const section of document.querySelectorAll(".home > section")) {
        const box = section.getBoundingClientRect();
        (columns[Math.round(box.left)] ||= []).push(box);
    }
    return Object.values(columns).flatMap((boxes) =>
        boxes.slice(1).map((box, i) => Math.round(box.top - boxes[i].bottom)));
}"""


@pytest.mark.parametrize("width", [390, 1440, 2560])
@pytest.mark.parametrize("name", ["Esi", "Ama", "Adwoa"])
def test_home_has_no_holes(visit, site, name, width):
    """No box is empty, and each begins where the one above it ends."""
    kofi = site.add(email=f"home.{name}{width}@example.com".lower(), phone=None)
    visitor = visit(name, width=width).open(f"/customers/{kofi.id}").open("/")
    for section in visitor.page.locator(".home > section").all():
        assert section.locator("li").count(), section.inner_text()
    gaps = set(visitor.page.evaluate(GAPS))
    assert len(gaps) <= 1
    assert max(gaps, default=0) < 16
    tiles = [tile.bounding_box()["y"] for tile in visitor.page.locator(".tiles .tile").all()]
    assert len(set(tiles)) <= 1, "one row"


def test_a_deed_leaves_the_focus_with_the_customer(visit, site):
    """Blacklist in a dialog, undo, write a note, pin it, mark as different people."""
    stamp = site.add(email="focus@example.com", phone="+233209990001")
    site.add(email="focus.twin@example.com", phone="+233209990001")
    esi = visit("Esi").open(f"/customers/{stamp.id}")
    deeds = {
        "blacklist": lambda: (esi.open_blacklist_dialog(), esi.press("1"), esi.press("Enter")),
        "undo": lambda: esi.press("u"),
        "note": lambda: (esi.press("t"), esi.type("Called."), esi.press("Control+Enter")),
        "pin": lambda: esi.click("#notes form button:has-text('Pin')"),
        "apart": lambda: esi.click(".apart button"),
        "compared": lambda: esi.click("#told-apart button"),
    }
    for name, deed in deeds.items():
        deed()
        esi.page.locator(".toast", has_text=TOLD[name]).wait_for()
        esi.page.wait_for_timeout(50)
        assert esi.page.evaluate(FOCUS) not in ("BODY", "dialog"), name


def test_closing_a_message_leaves_the_focus_where_it_was(visit, site):
    kofi = site.add(email="message@example.com", phone=None)
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.press("t")
    esi.type("Called.")
    esi.press("Control+Enter")
    esi.wait_for_toast()
    esi.click("[data-dismiss]")
    esi.page.wait_for_function("() => document.activeElement.id === 'text'")


def test_a_page_that_tells_what_was_done_has_the_focus_in_it(visit, site):
    kofi = site.add(email="saved@example.com", phone=None)
    esi = visit("Esi").open(f"/customers/{kofi.id}/edit")
    esi.fill("#first_name", "Kofi Atta")
    esi.press("Enter")
    esi.wait_for("/customers/[0-9a-f-]{36}$")
    esi.page.locator(".toast", has_text="is saved").wait_for()
    assert esi.page.evaluate("() => document.activeElement.tagName") == "H1"


def test_the_list_goes_on_at_the_row(visit, site):
    kofi = site.add(email="row@example.com", phone=None)
    esi = visit("Esi").open(f"/customers#c-{kofi.id}")
    assert esi.page.locator(f"#c-{kofi.id} .name:focus").count() == 1


def test_buttons_of_a_decision_stay_where_they_are(visit, site):
    """The first click asks for the note; the second lies where the first did."""
    kofi = site.add(email="stays@example.com", phone=None)
    with site.book.app.app_context():
        case = opening.open_case(kofi.id, reason="fraud", by=actor("Esi")).case.seq
    ama = visit("Ama").open(f"/review/{case}")
    buttons = [
        ama.page.locator(f".case:not([hidden]) [value={decision}]")
        for decision in ("upheld", "overturned")
    ]
    before = [button.bounding_box() for button in buttons]
    buttons[1].click()
    ama.page.locator(".case .error").first.wait_for()
    for button, box in zip(buttons, before, strict=True):
        assert button.bounding_box() == pytest.approx(box, abs=1)
    ama.fill(".case:not([hidden]) textarea", "Another person.")
    ama.press("Control+Enter")
    ama.page.locator(".toast", has_text="is no longer blacklisted").wait_for()


def test_the_right_password_works_at_the_first_try_when_two_requests_found_the_session_over(
    visit, site
):
    """Each answer began a session of its own; the form takes the token of the last."""
    esi = visit("Esi").open("/customers/new")
    esi.page.fill("#first_name", "Late")
    esi.context.clear_cookies()
    esi.page.keyboard.press("Enter")
    esi.page.locator("#again[open] #again-email").wait_for()
    esi.context.clear_cookies()
    with esi.page.expect_response(lambda response: response.status == 401):
        esi.page.evaluate(
            "document.getElementById('email').dispatchEvent(new Event('change', {bubbles: true}))"
        )
    esi.page.wait_for_timeout(200)
    esi.page.fill("#again-email", "esi@example.com")
    esi.page.fill("#again-password", PASSWORD)
    esi.page.keyboard.press("Enter")
    esi.page.locator(".toast", has_text="signed in again").wait_for()
    assert esi.page.input_value("#first_name") == "Late"


def test_an_outdated_dialog_says_why_and_keeps_the_address(visit):
    esi = visit("Esi").open("/customers/new")
    esi.page.fill("#first_name", "Late")
    esi.context.clear_cookies()
    esi.page.keyboard.press("Enter")
    esi.page.locator("#again[open] #again-email").fill("esi@example.com")
    esi.context.clear_cookies()
    esi.page.fill("#again-password", PASSWORD)
    esi.page.keyboard.press("Enter")
    esi.page.locator("#again-refusal", has_text="type your password once more").wait_for()
    assert esi.page.input_value("#again-email") == "esi@example.com"
    esi.page.fill("#again-password", PASSWORD)
    esi.page.keyboard.press("Enter")
    esi.page.locator(".toast", has_text="signed in again").wait_for()
