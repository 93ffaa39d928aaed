"""Standing and staff in a real browser: each journey with script, its actions counted, and
without.
"""

import re
from datetime import timedelta

import pytest
from pyotp import TOTP
from sqlalchemy import update

from tests.support.cast import PASSWORD, actor
from webapp.blacklist import opening
from webapp.blacklist.models import Blacklisting
from webapp.kernel import clock
from webapp.kernel.database import db, writing

WITH_AND_WITHOUT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


@pytest.fixture
def kofi(site, request):
    return site.add(
        email=f"k{abs(hash(request.node.name))}@example.com", first_name="Kofi", last_name="Mensah"
    )


@pytest.fixture
def opened(site, kofi):
    """Esi blacklisted Kofi a while ago."""
    with site.book.app.app_context():
        case = opening.open_case(kofi.id, reason="fraud", note="Two cards.", by=actor("Esi")).case
        with writing():
            its_own = update(Blacklisting).where(Blacklisting.seq == case.seq)
            db.session.execute(its_own.values(opened_at=clock.now() - timedelta(minutes=11)))
    return kofi


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
    assert "taken back" in esi.page.locator("#toasts").inner_text()
    assert "Fraud, taken back" in esi.text


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
    esi.page.locator(f"#n-{kofi.id}").focus()
    esi.press("b")
    esi.page.locator("#dialog[open] #reason-0:focus").wait_for()
    esi.press("2")
    esi.press("Enter")
    row.get_by_text("Blacklisted").wait_for()
    assert row.get_by_text("Waiting").is_visible()
    assert esi.actions <= 4
    assert esi.page.evaluate("document.activeElement.id") == f"n-{kofi.id}", (
        "the focus is where it was"
    )
    assert "/customers?" in esi.url
    esi.press("u")
    row.get_by_text("Good").wait_for()
    assert esi.actions <= 5


@WITH_AND_WITHOUT
def test_blacklist_from_the_menu_of_a_row(visit, kofi, script):
    esi = visit("Esi", script=script).open("/customers")
    esi.click(f"#m-{kofi.id}")
    esi.click(".menu:popover-open a:has-text('Blacklist')")
    place = "#dialog[open]" if script else "main"
    esi.page.locator(f"{place} label", has_text="Abuse of staff").click()
    esi.page.locator(f"{place} form .danger").click()
    if script:
        esi.page.locator(f"#c-{kofi.id}").get_by_text("Blacklisted").wait_for()
    else:
        esi.page.locator("#blacklisting", has_text="Abuse of staff").wait_for()


@WITH_AND_WITHOUT
def test_a_manager_lifts_with_a_reason(visit, opened, script):
    ama = visit("Ama", script=script).open(f"/customers/{opened.id}")
    if script:
        ama.press("b")
        ama.page.locator("#dialog[open] #note:focus").wait_for()
        ama.type("Paid what was owed.")
        ama.press("Control+Enter")
    else:
        ama.click("#key-b")
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
    assert esi.page.locator("#key-l", has_text="Ask for a lift").is_visible()
    esi.press("b")
    esi.press("u")
    assert not esi.page.locator("#dialog").is_visible()
    esi.open(f"/customers/{opened.id}/blacklisting/lift")
    assert "You may not review or lift a blacklisting" in esi.text


@pytest.mark.parametrize("name", ["Esi", "Ama"])
def test_the_pages_lead_on_with_script_too(visit, site, kofi, name):
    """Opened by their address, as from a bookmark or after signing in again."""
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
    esi.page.locator(".toast", has_text="a manager can lift this blacklisting").wait_for()
    assert esi.page.locator("#blacklisting").is_visible()


@WITH_AND_WITHOUT
def test_a_manager_deletes(visit, kofi, script):
    ama = visit("Ama", script=script).open(f"/customers/{kofi.id}")
    ama.click("#delete")
    ama.wait_for(f"/customers/{kofi.id}/delete$")
    assert "cannot be brought back" in ama.text
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
    give_password(efua, email, one_time)
    efua.wait_for("/account/password$")
    efua.page.fill("#current_password", one_time)
    efua.page.fill("#new_password", "purple ducks on a frozen lake")
    efua.page.locator("form.form .primary").click()
    efua.wait_for("/customers$")
    efua.page.get_by_role("link", name="Your account").click()
    efua.page.get_by_role("link", name="Second factor").click()
    secret = efua.page.locator("#secret").inner_text().replace(" ", "")
    efua.page.fill("#code", TOTP(secret).at(int(clock.now().timestamp()) - 30))
    efua.page.fill("#current_password", "purple ducks on a frozen lake")
    efua.page.locator("form.form .primary").click()
    efua.page.locator("#recovery-codes").wait_for()
    efua.page.locator("#go-on").click()
    efua.page.get_by_role("button", name="Sign out").click()
    efua.wait_for("/sign-in")
    give_password(efua, email, "purple ducks on a frozen lake")
    efua.page.fill("#code", TOTP(secret).now())
    efua.page.keyboard.press("Enter")
    efua.wait_for("/$")
    efua.page.get_by_role("button", name="Sign out").click()


def give_password(visit, email, password):
    visit.page.fill("#email", email)
    visit.page.fill("#password", password)
    visit.page.keyboard.press("Enter")


def test_a_dialog_loses_nothing_when_the_session_ends(visit, kofi):
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.page.keyboard.press("b")
    esi.page.locator("#dialog[open] #reason-0:focus").wait_for()
    esi.page.keyboard.press("7")
    esi.page.keyboard.type("A long story.")
    esi.context.clear_cookies()
    esi.page.keyboard.press("Control+Enter")
    esi.page.locator("#again[open]").wait_for()
    assert esi.page.input_value("#note") == "A long story."
    esi.page.fill("#again-email", "esi@example.com")
    esi.page.fill("#again-password", PASSWORD)
    esi.page.keyboard.press("Enter")
    esi.page.locator("#again").wait_for(state="hidden")
    esi.page.locator("#dialog .toast", has_text="signed in again").wait_for()
    esi.page.locator("#dialog form .danger").click()
    esi.page.locator("#blacklisting", has_text="A long story.").wait_for()


def test_a_lost_connection_is_told_inside_the_dialog(visit, kofi):
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.page.keyboard.press("b")
    esi.page.locator("#dialog[open] #reason-0:focus").wait_for()
    esi.page.keyboard.press("1")
    esi.context.set_offline(True)
    esi.page.keyboard.press("Enter")
    esi.page.locator("#dialog .toast", has_text="Nothing was saved").wait_for()
    esi.complaints.clear()  # the browser's own line about the lost connection
    esi.context.set_offline(False)
    esi.page.keyboard.press("Enter")
    esi.page.locator("#blacklisting").wait_for()


def test_a_dialog_is_closed_by_escape_and_by_cancel_and_the_focus_returns(visit, kofi):
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    for close in ("Escape", "Cancel"):
        esi.page.locator("#key-b").focus()
        esi.page.keyboard.press("Enter")
        esi.page.locator("#dialog[open] #reason-0:focus").wait_for()
        if close == "Escape":
            esi.page.keyboard.press("Escape")
        else:
            esi.page.locator("#dialog").get_by_text("Cancel").click()
        esi.page.locator("#dialog").wait_for(state="hidden")
        assert esi.page.evaluate("document.activeElement.id") == "key-b"
        assert esi.page.locator("#dialog form").count() == 0
    assert esi.url.endswith(f"/customers/{kofi.id}")


def test_the_help_lists_the_keys_of_standing(visit, site, kofi, opened):
    site.add(email="newest@example.com", first_name="Newest")
    esi = visit("Esi").open("/customers")
    esi.page.keyboard.press("?")
    assert "Blacklist\nb" in esi.page.locator("#keys").inner_text()
    esi.page.keyboard.press("Escape")
    for key in ("j", "b"):
        esi.page.keyboard.press(key)
    esi.page.locator("#dialog[open] #reason-0:focus").wait_for()
    esi.page.keyboard.press("1")
    esi.page.keyboard.press("Enter")
    esi.page.locator("#toasts", has_text="is blacklisted").wait_for()
    esi.page.keyboard.press("?")
    told = esi.page.locator("#keys").inner_text()
    assert [
        told.count(name) for name in ("Undo", "Open the row", "Menu of the row", "Edit the row")
    ] == [1] * 4
    esi.page.keyboard.press("Escape")
    ama = visit("Ama").open(f"/customers/{opened.id}")
    ama.page.keyboard.press("?")
    assert "Lift blacklisting" in ama.page.locator("#keys").inner_text()


def test_keys_that_were_switched_off_do_nothing(visit, site, kofi):
    kwame = visit("Kwame").open("/account/preferences")
    kwame.page.locator("#single_keys").uncheck()
    kwame.page.locator("form.form .primary").click()
    kwame.open(f"/customers/{kofi.id}")
    kwame.page.keyboard.press("b")
    kwame.page.wait_for_timeout(300)
    assert not kwame.page.locator("#dialog").is_visible()
    kwame.open("/account/preferences")
    kwame.page.locator("#single_keys").check()
    kwame.page.locator("form.form .primary").click()
