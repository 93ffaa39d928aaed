"""Standing and staff in a real browser: each journey with script, its actions
counted, and without script.
"""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.browser.visits import NEW_PASSWORD, WITH_AND_WITHOUT
from tests.support.cast import actor
from webapp.blacklist import opening
from webapp.blacklist.models import Blacklisting
from webapp.kernel import clock
from webapp.kernel.database import db, writing


@WITH_AND_WITHOUT
def test_blacklist_with_a_reason_and_take_it_back(visit, kofi, script):
    esi = visit("Esi", script=script).open(f"/customers/{kofi.id}")
    if script:
        esi.press("b")
        esi.page.locator("#dialog[open] #reason-0:focus").wait_for()
        esi.press("1")
        esi.press("Enter")
    else:
        esi.click("#key-b")
        esi.wait_for(f"/customers/{kofi.id}/blacklisting$")
        esi.click("label:has-text('Fraud')")
        esi.click("form.form .danger")
    esi.page.locator("#blacklisting", has_text="Blacklisted: Fraud").wait_for()
    assert esi.actions <= 4
    assert "Kofi Mensah is blacklisted." in esi.page.locator("#toasts").inner_text()
    assert not esi.page.locator("#dialog").is_visible()
    before = esi.actions
    if script:
        esi.press("u")
    else:
        esi.click("#blacklisting form button")
    esi.page.locator("#blacklisting").wait_for(state="detached")
    assert esi.actions - before == 1
    assert "undone" in esi.page.locator("#toasts").inner_text()
    assert "1 undone" in esi.text, "an undone slip folds away"
    esi.click("#earlier-cases summary:has-text('1 undone')")
    assert "Fraud, undone" in esi.text


def test_blacklist_for_another_reason_with_a_note_by_keyboard(visit, kofi):
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.press("b")
    esi.page.locator("#dialog[open] #reason-0:focus").wait_for()
    esi.press("7")
    esi.type("He shouted at Ama.")
    esi.press("Control+Enter")
    esi.page.locator("#blacklisting", has_text="He shouted at Ama.").wait_for()
    assert esi.actions <= 4


def test_blacklist_from_the_row_by_keyboard_and_take_it_back(visit, kofi):
    esi = visit("Esi").open("/customers?sort=-created")
    row = esi.page.locator(f"#c-{kofi.id}")
    esi.page.locator(f"#c-{kofi.id} .name").focus()
    esi.press("b")
    esi.page.locator("#dialog[open] #reason-0:focus").wait_for()
    esi.press("2")
    esi.press("Enter")
    row.get_by_text("Blacklisted").wait_for()
    assert row.get_by_text("Needs review").is_visible()
    assert esi.actions <= 4
    assert row.locator(".name:focus").count() == 1, "the focus is where it was"
    assert "/customers?" in esi.url
    esi.press("u")
    row.get_by_text("Active").wait_for()
    assert esi.actions <= 5


def test_blacklist_from_the_menu_of_a_row(visit, kofi):
    esi = visit("Esi").open("/customers")
    esi.click(f"#c-{kofi.id} .more")
    esi.click(".menu:popover-open a:has-text('Blacklist')")
    esi.page.locator("#dialog[open] label", has_text="Abuse of staff").click()
    esi.page.locator("#dialog[open] form .danger").click()
    esi.page.locator(f"#c-{kofi.id}").get_by_text("Blacklisted").wait_for()


def test_without_scripts_the_page_of_a_customer_offers_what_the_menu_does(visit, kofi):
    esi = visit("Esi", script=False).open("/customers")
    assert not esi.page.locator(f"#c-{kofi.id} .more").is_visible()
    esi.click(f"#c-{kofi.id} .name")
    esi.click("#key-b")
    esi.page.locator("main label", has_text="Abuse of staff").click()
    esi.page.locator("main form .danger").click()
    esi.page.locator("#blacklisting", has_text="Abuse of staff").wait_for()


@WITH_AND_WITHOUT
def test_a_manager_lifts_with_a_reason(visit, opened, script):
    ama = visit("Ama", script=script).open(f"/customers/{opened.id}")
    if script:
        ama.press("l")
        ama.page.locator("#dialog[open] #note:focus").wait_for()
        ama.type("Paid what was owed.")
        ama.press("Control+Enter")
    else:
        ama.click("#key-l")
        ama.wait_for(f"/customers/{opened.id}/blacklisting/lift$")
        ama.fill("#note", "Paid what was owed.")
        ama.click("form.form .primary")
    ama.page.locator("#earlier-cases", has_text="Paid what was owed.").wait_for()
    assert ama.actions <= 3
    assert ama.page.locator("#blacklisting").count() == 0


@WITH_AND_WITHOUT
def test_an_agent_cannot_lift_after_ten_minutes(visit, opened, script):
    esi = visit("Esi", script=script).open(f"/customers/{opened.id}")
    assert esi.page.locator("#blacklisting").is_visible()
    assert esi.page.locator("#blacklisting a, #blacklisting button").count() == 1
    assert esi.page.locator("#key-l", has_text="Ask to remove").is_visible()
    esi.press("b")
    esi.press("u")
    assert not esi.page.locator("#dialog").is_visible()
    esi.open(f"/customers/{opened.id}/blacklisting/lift")
    assert "You may not review or lift a blacklisting" in esi.text


@pytest.mark.parametrize("name", ["Esi", "Ama"])
def test_the_pages_lead_on_with_script_too(visit, site, kofi, name):
    """Opened by address, as from a bookmark or after signing in again."""
    if name == "Ama":
        with site.book.app.app_context():
            opening.open_case(kofi.id, reason="fraud", by=actor("Esi"))
    somebody = visit(name).open(
        f"/customers/{kofi.id}/blacklisting{'/lift' if name == 'Ama' else ''}"
    )
    if name == "Esi":
        somebody.page.locator("label", has_text="Fraud").click()
    else:
        somebody.page.fill("#note", "Paid.")
    somebody.page.locator("form.form .actions button").click()
    somebody.wait_for(f"/customers/{kofi.id}$")
    assert somebody.page.locator("#blacklisting").count() == (1 if name == "Esi" else 0)


def test_an_undo_that_comes_too_late_is_told(visit, site, kofi):
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.page.keyboard.press("b")
    esi.page.locator("#dialog[open] #reason-0:focus").wait_for()
    esi.page.keyboard.press("1")
    esi.page.keyboard.press("Enter")
    esi.page.locator("#blacklisting").wait_for()
    with site.book.app.app_context(), writing():
        late = update(Blacklisting).where(Blacklisting.customer_seq == kofi.seq)
        db.session.execute(late.values(opened_at=clock.now() - timedelta(minutes=11)))
    esi.page.keyboard.press("u")
    esi.page.locator(".toast", has_text="a manager can remove this blacklisting").wait_for()
    assert esi.page.locator("#blacklisting").is_visible()


@WITH_AND_WITHOUT
def test_a_manager_deletes(visit, kofi, script):
    ama = visit("Ama", script=script).open(f"/customers/{kofi.id}")
    ama.click("#delete")
    ama.wait_for(f"/customers/{kofi.id}/delete$")
    assert "This goes for ever" in ama.text
    ama.click("form.form .danger")
    ama.page.locator("#tombstone").wait_for()
    assert ama.actions <= 2
    assert "Mensah" not in ama.text
    assert "Ama deleted this customer" in ama.text


@WITH_AND_WITHOUT
def test_an_admin_adds_an_agent_who_makes_the_account_their_own(visit, script):
    name, email = "Efua" + "S" * script, f"efua{int(script)}@example.com"
    adwoa = visit("Adwoa", script=script).open("/staff")
    adwoa.click("#new-member")
    adwoa.page.fill("#name", name)
    adwoa.page.fill("#email", email)
    adwoa.choose("#role", "agent")
    adwoa.click("form.form .primary")
    adwoa.page.locator("#one-time-password").wait_for()
    one_time = re.search(r"(?:[a-z2-9]{5}-){3}[a-z2-9]{5}", adwoa.text)[0]
    efua = visit(None, script=script).open("/customers")
    efua.give_password(email, one_time)
    efua.wait_for("/account/password$")
    efua.choose_password(one_time, NEW_PASSWORD)
    efua.wait_for("/customers$")
    efua.page.get_by_role("link", name="Your account").click()
    efua.page.get_by_role("link", name="Second factor").click()
    totp = efua.set_second_factor(NEW_PASSWORD, seconds=-30)
    efua.page.locator("#go-on").click()
    efua.page.get_by_role("button", name="Sign out").click()
    efua.wait_for("/sign-in")
    efua.give_password(email, NEW_PASSWORD)
    efua.page.locator("#code:focus").wait_for()
    efua.type(totp.now())
    efua.page.keyboard.press("Enter")
    efua.wait_for("/$")
    efua.page.get_by_role("button", name="Sign out").click()
