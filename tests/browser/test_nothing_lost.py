"""Nothing that was typed is lost without a word; each click is heard; live pages are as good as
fresh ones.
"""

from itertools import count

import pytest
from playwright.sync_api import expect

from tests.support.cast import actor
from tests.support.paper import glyphs_by_sheet
from webapp.blacklist import opening
from webapp.customers import notes

NUMBERS = count()


@pytest.fixture
def kofi(site):
    return site.add(email=f"lost{next(NUMBERS)}@example.com", phone=None)


def answer_dialogs(visit, *, leave):
    """Answer the browser's question whether to leave; returns the questions."""
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept() if leave else dialog.dismiss()

    visit.page.on("dialog", answer)
    return asked


def test_a_link_from_a_half_filled_form_asks(visit):
    esi = visit("Esi").open("/customers/new")
    asked = answer_dialogs(esi, leave=False)
    esi.page.click("#first_name")
    esi.type("Half")
    esi.page.click("nav a[href='/check']")
    esi.page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert esi.page.url.endswith("/customers/new")
    assert esi.page.input_value("#first_name") == "Half"


def test_a_form_that_was_not_touched_or_was_saved_does_not_ask(visit):
    esi = visit("Esi").open("/customers/new")
    asked = answer_dialogs(esi, leave=False)
    esi.page.click("nav a[href='/check']")
    esi.wait_for("/check$")
    esi.open("/customers/new")
    esi.page.click("#first_name")
    esi.type("Saved")
    esi.page.fill("#email", f"kept{next(NUMBERS)}@example.com")
    esi.press("Enter")
    esi.wait_for("/customers/[0-9a-f-]{36}$")
    assert asked == []


def test_escape_in_a_dialog_with_text_asks_once(visit, kofi):
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.open_blacklist_dialog()
    esi.page.click("#dialog textarea")
    esi.type("Two cards.")
    esi.press("Escape")
    esi.page.locator(".toast", has_text="is not saved").wait_for()
    assert esi.page.locator("#dialog[open] textarea").first.input_value() == "Two cards."
    esi.press("Escape")
    esi.page.locator("#dialog[open]").wait_for(state="detached")


def test_escape_in_an_untouched_dialog_closes_it(visit, kofi):
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.open_blacklist_dialog()
    esi.press("Escape")
    esi.page.locator("#dialog[open]").wait_for(state="detached")


def test_a_similar_customer_opens_beside_the_form(visit, site):
    site.add(email="beside@example.com", phone="+233209990077")
    esi = visit("Esi").open("/customers/new")
    esi.page.click("#phone")
    esi.type("+233209990077")
    esi.press("Tab")
    link = esi.page.locator("#duplicates a").first
    with esi.context.expect_page() as opened:
        link.click()
    opened.value.close()
    assert esi.page.input_value("#phone") == "+233209990077"


def test_a_failed_search_says_that_the_list_is_old(visit):
    esi = visit("Esi").open("/customers")
    esi.page.route("**/customers/search", lambda route: route.abort())
    esi.page.fill("#q", "okonjo")
    esi.page.locator(".toast", has_text="The list is old").wait_for()
    expect(esi.page.locator("#results")).to_have_attribute("data-old", "")
    esi.complaints = [line for line in esi.complaints if "Failed to" not in line]


def test_a_click_is_heard_at_once_on_a_slow_line(visit):
    esi = visit("Esi").open("/")
    heard = esi.page.evaluate(
        """() => {
            document.querySelector("nav a[href='/check']").click();
            return document.documentElement.hasAttribute("data-busy");
        }"""
    )
    assert heard
    esi.wait_for("/check$")
    expect(esi.page.locator("html")).not_to_have_attribute("data-busy", "")


def test_a_live_search_leaves_each_id_once(visit):
    esi = visit("Esi").open("/customers")
    for text in ("okonjo", "mensah", "zzzz"):
        esi.page.fill("#q", text)
        esi.wait_for_search()


def leave_half_filled(visit, **more):
    """Somebody who typed a first name, and more, and left all the same."""
    esi = visit("Esi").open("/customers/new")
    answer_dialogs(esi, leave=True)
    for field, text in {"first_name": "Half", **more}.items():
        esi.page.fill(f"#{field}", text)
    esi.page.click("nav a[href='/check']")
    esi.page.wait_for_url("**/check")
    return esi


def test_back_brings_the_form_as_it_was(visit):
    esi = leave_half_filled(visit, email="half@example.com", phone="024 412")
    esi.page.go_back()
    expect(esi.page.locator("#first_name")).to_have_value("Half")
    expect(esi.page.locator("#email")).to_have_value("half@example.com")
    expect(esi.page.locator("#phone")).to_have_value("024 412")


def test_back_brings_nothing_of_somebody_elses(visit):
    esi = leave_half_filled(visit)
    esi.page.context.add_cookies(visit("Ama").page.context.cookies())
    esi.page.go_back()
    expect(esi.page.locator("#first_name")).to_have_value("")


def test_what_was_typed_goes_with_the_session(visit):
    esi = leave_half_filled(visit)
    assert "Half" in esi.page.evaluate("JSON.stringify(sessionStorage)")
    esi.page.click("#sign-out button")
    esi.page.wait_for_url("**/sign-in*")
    assert esi.page.evaluate("sessionStorage.length") == 0


def test_no_sheet_of_paper_is_left_blank(visit, site):
    for number in range(30):
        site.add(email=f"paper{number}@example.com", phone=None, last_name=f"Paper {number}")
    for path in ("/customers", f"/customers/{site.add(email='p@example.com', phone=None).id}"):
        esi = visit("Esi").open(path)
        glyphs = glyphs_by_sheet(esi.page.pdf(format="A4"))
        assert min(glyphs[:-1] or glyphs) > 200, (path, glyphs)


def test_what_is_selected_is_counted_and_shift_selects_a_range(visit, quiet_site, queue):
    queue(6)
    ama = visit("Ama", site=quiet_site).open("/review/list")
    boxes = ama.page.locator("#selection tbody input")
    assert ama.page.locator("#selected-count").inner_text() == "Nothing selected"
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    assert ama.page.locator("#selected-count").inner_text() == "4 selected"
    ama.press("x")
    expect(ama.page.locator("#selected-count")).to_have_text("6 selected")


def test_on_paper_nothing_is_folded_or_left_over(visit, kofi, site):
    with site.book.app.app_context():
        case = opening.open_case(kofi.id, reason="fraud", note="Folded.", by=actor("Esi")).case.seq
        opening.undo(kofi.id, case_seq=case, by=actor("Esi"))
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.page.emulate_media(media="print")
    esi.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert esi.page.locator("#earlier-cases", has_text="Folded.").is_visible()
    assert esi.page.get_by_text("Folded.", exact=True).first.is_visible()
    assert esi.page.locator(".printed", has_text="Printed by Esi on ").is_visible()
    assert not esi.page.locator(".skip").is_visible()
    top = esi.page.locator("h1").bounding_box()["y"]
    assert top < 200, "no blank first sheet"


def test_a_note_being_typed_survives_what_redraws_the_page(visit, kofi, site):
    with site.book.app.app_context():
        notes.add_note(kofi.id, "First.", by=actor("Esi"))
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.press("t")
    esi.type("Half a note")
    esi.click("#notes button:has-text('Pin')")
    esi.page.locator(".toast", has_text="The note is pinned").wait_for()
    assert esi.page.input_value("#text") == "Half a note"
    esi.click("#note-form button")
    esi.page.locator(".toast", has_text="The note is saved").wait_for()
    assert esi.page.input_value("#text") == ""
    assert esi.page.locator("#notes .prose").all_inner_texts() == ["First.", "Half a note"]


def test_a_form_that_was_refused_is_unsaved_too(visit):
    esi = visit("Esi").open("/customers/new")
    asked = answer_dialogs(esi, leave=True)
    esi.fill("#email", "not an address")
    esi.press("Enter")
    esi.page.locator("#error-summary").wait_for()
    esi.page.click("nav a[href='/check']")
    esi.wait_for("/check$")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("script", [True, False])
def test_a_mistyped_moment_stays_in_its_field(visit, kofi, script):
    esi = visit("Esi", script=script).open(f"/customers/{kofi.id}")
    fold = esi.page.locator("details:has(#as-it-was) > summary")
    if fold.count():
        fold.click()
    esi.page.fill("#at", "last week")
    esi.page.click("#as-it-was button")
    esi.page.wait_for_timeout(200)
    assert (esi.page.input_value("#at"), esi.page.url.endswith(str(kofi.id))) == ("last week", True)
    esi.page.fill("#at", "27/11/2099 08:00")
    esi.page.click("#as-it-was button")
    esi.wait_for(r"/customers/[0-9a-f-]{36}\?at=27.*")
