"""Blacklisting on pages: what they show, what they refuse, and what comes back when
something goes wrong.
"""

import re

import pytest
from sqlalchemy import select

from tests.support.cast import actor, add
from tests.support.strict import PARTIAL
from webapp.blacklist import opening
from webapp.blacklist.models import Blacklisting
from webapp.customers import erase
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.staff import members
from webapp.web.frame.return_to import ReturnTo, Where


def blacklist_him(desk, kofi, **typed):
    desk.open(f"/customers/{kofi.id}/blacklisting")
    return desk.send("blacklisting-form", **({"reason": "fraud", "note": "Two cards."} | typed))


def test_the_page_says_why_who_and_since_when(kofi, desk_of):
    esi = desk_of("Esi")
    blacklist_him(esi, kofi)
    esi.follow()
    for told in ("Kofi Annan is blacklisted.", "Blacklisted: Fraud", "Two cards.", "needs review"):
        assert told in esi.text
    assert re.search(r"Blacklisted by Esi, \d+ \w+ 20\d\d, \d\d:\d\d", esi.text)


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (0, "0 minutes"),
        (1.5, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (60 * 47, "1 day"),
        (60 * 24 * 59, "59 days"),
        (60 * 24 * 400, "13 months"),
        (60 * 24 * 1_000, "2 years"),
    ],
)
def test_the_page_says_for_how_long(book, kofi, desk_of, the_clock, minutes, told):
    esi = desk_of("Esi")
    the_clock.moment = clock.now()
    blacklist_him(esi, kofi)
    the_clock.forward(minutes=minutes)
    yaw = desk_of("Yaw")
    yaw.open(f"/customers/{kofi.id}")
    assert f"({told} ago)" in yaw.text


def test_every_earlier_case_stays_visible(kofi, desk_of):
    esi, ama = desk_of("Esi"), desk_of("Ama")
    for number in range(5):
        blacklist_him(esi, kofi, note=f"Note {number}.")
        ama.open(f"/customers/{kofi.id}/blacklisting/lift")
        ama.send("lift-form", note=f"Paid {number}.")
    ama.follow()
    assert "Kofi Annan is no longer blacklisted." in ama.text
    for number in range(5):
        assert f"Note {number}." in ama.text
        assert f"Paid {number}." in ama.text
    assert "Earlier blacklistings" in ama.text


@pytest.mark.parametrize(
    "typed", [{"reason": ""}, {"reason": "other", "note": ""}, {"note": "x" * 2001}]
)
def test_a_bad_form_comes_back_with_everything_typed(kofi, desk_of, typed):
    esi = desk_of("Esi")
    assert blacklist_him(esi, kofi, **typed).status_code == 422
    form = esi.form("blacklisting-form")
    assert (form.find(".//textarea").text or "").strip() == typed.get("note", "Two cards.")
    chosen = [
        radio.get("value") for radio in form.iter("input") if radio.get("checked") is not None
    ]
    assert chosen == ([typed.get("reason", "fraud")] if typed.get("reason", "fraud") else [])
    assert "put right" in esi.text


def test_the_second_is_told_whose_it_is(kofi, desk_of):
    esi, kwame = desk_of("Esi"), desk_of("Kwame")
    kwame.open(f"/customers/{kofi.id}/blacklisting")
    blacklist_him(esi, kofi)
    kwame.send("blacklisting-form", reason="abuse")
    kwame.follow()
    assert "Esi blacklisted Kofi Annan already" in kwame.text
    assert "Fraud. That stands." in kwame.text
    kwame.open(f"/customers/{kofi.id}/blacklisting")
    kwame.follow()
    assert "Esi blacklisted Kofi Annan already" in kwame.text


def test_a_note_that_came_second_is_told_and_not_thrown_away(kofi, desk_of):
    esi, kwame = desk_of("Esi"), desk_of("Kwame")
    kwame.open(f"/customers/{kofi.id}/blacklisting")
    blacklist_him(esi, kofi)
    kwame.send("blacklisting-form", reason="abuse", note="She shouted at me.")
    kwame.follow()
    assert "Your note was not kept: “She shouted at me.”" in kwame.text


def test_a_lift_of_a_case_that_was_closed_meanwhile_leaves_the_next_one_alone(book, kofi, desk_of):
    blacklist_him(desk_of("Esi"), kofi, reason="request")
    ama, adwoa = desk_of("Ama"), desk_of("Adwoa")
    for desk in (ama, adwoa):
        desk.open(f"/customers/{kofi.id}/blacklisting/lift")
    adwoa.send("lift-form", note="Paid.")
    blacklist_him(desk_of("Kwame"), kofi)
    assert ama.send("lift-form", note="He asked for it.").status_code == 409
    assert "Kwame has opened another blacklisting meanwhile" in ama.text
    with book.app.app_context():
        assert db.session.get(Customer, kofi.seq).blacklisted


def test_a_customer_deleted_before_they_are_shown_again(book, kofi, desk_of, monkeypatch):
    """The deed is done and reported, but there is no customer left to show."""
    esi = desk_of("Esi")
    blacklist_him(esi, kofi)
    esi.open("/customers")
    token = esi.form("search-form").find("input[@name='csrf_token']").get("value")
    with book.app.app_context():
        case = db.session.scalar(select(Blacklisting.seq))
        place = ReturnTo(Where.ROW).sealed()
    real = opening.undo

    def undo_then_delete(*arguments, **more):
        customer = real(*arguments, **more)
        erase.delete_customer(kofi.id, by=more["by"])
        return customer

    monkeypatch.setattr(opening, "undo", undo_then_delete)
    path = f"/customers/{kofi.id}/blacklisting/undo"
    answer = partial(esi, "POST", path, csrf_token=token, case=str(case), return_to=place)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, f"/customers/{kofi.id}")


def test_a_demoted_opener_is_offered_no_undo(book, kofi, desk_of):
    esi = desk_of("Esi")
    blacklist_him(esi, kofi)
    with book.app.app_context():
        members.change_role(actor("Esi").id, role="viewer", by=actor("Adwoa"))
    esi.open(f"/customers/{kofi.id}")
    assert "Undo" not in esi.text


def test_a_manager_is_told_that_somebody_else_must_lift_their_own(kofi, desk_of):
    ama = desk_of("Ama")
    blacklist_him(ama, kofi)
    ama.open(f"/customers/{kofi.id}/blacklisting/lift")
    ama.follow()
    assert "another manager must decide" in ama.text


def test_two_managers_lift_and_the_second_is_told(kofi, desk_of):
    blacklist_him(desk_of("Esi"), kofi)
    ama, adwoa = desk_of("Ama"), desk_of("Adwoa")
    for desk in (ama, adwoa):
        desk.open(f"/customers/{kofi.id}/blacklisting/lift")
    ama.send("lift-form", note="Paid.")
    assert adwoa.send("lift-form", note="It was a mistake.").status_code == 409
    assert "Ama removed this blacklisting already" in adwoa.text
    assert adwoa.form("lift-form").find(".//textarea").text.strip() == "It was a mistake."


def test_what_was_typed_survives_the_end_of_a_session(kofi, desk_of, the_clock):
    esi = desk_of("Esi")
    esi.open(f"/customers/{kofi.id}/blacklisting")
    the_clock.forward(hours=2)
    assert esi.send("blacklisting-form", reason="abuse", note="She shouted.").status_code == 401
    esi.send("sign-in-form", email="esi@example.com", password="correct horse battery")
    esi.follow()
    form = esi.form("blacklisting-form")
    assert form.find(".//textarea").text.strip() == "She shouted."
    esi.send("blacklisting-form", reason="abuse")
    esi.follow()
    assert "Abuse of staff" in esi.text


def partial(desk, method, path, **data):
    return desk.client.open(path, method=method, headers=PARTIAL, data=data or None)


def targets_of(answer):
    return re.findall(r'<hx-partial hx-target="([^"]+)"', answer.text)


def test_a_dialog_does_the_same_as_the_page(book, kofi, desk_of):
    with book.app.app_context():
        place = ReturnTo(Where.ROW).sealed()
    esi = desk_of("Esi")
    esi.open("/customers")
    token = esi.form("search-form").find("input[@name='csrf_token']").get("value")
    path = f"/customers/{kofi.id}/blacklisting"
    dialog = partial(esi, "GET", f"{path}?return_to={place}")
    assert dialog.text.startswith('<hx-partial hx-target="#dialog"')
    assert f'name="return_to" type="hidden" value="{place}"' in dialog.text
    refused = partial(
        esi, "POST", path, csrf_token=token, reason="", note="A note.", return_to=place
    )
    assert refused.status_code == 422
    assert 'id="blacklisting-form"' in refused.text
    assert "A note." in refused.text
    done = partial(esi, "POST", path, csrf_token=token, reason="fraud", return_to=place)
    assert targets_of(done) == ["#dialog", f"#c-{kofi.id}", "#toasts"]
    assert f'action="{path}/undo"' in done.text
    case = re.search(r'name="case" value="(\d+)"', done.text)[1]
    odd = partial(esi, "POST", f"{path}/undo", csrf_token=token, case=case + "0", return_to="\0x")
    assert odd.status_code == 409
    undone = partial(esi, "POST", f"{path}/undo", csrf_token=token, case=case, return_to="\0x")
    assert targets_of(undone) == ["#dialog", "#record", "#toasts"]
    assert "undone" in undone.text


def test_a_refusal_in_a_dialog_is_told_over_the_page(book, kofi, desk_of):
    esi, kwame = desk_of("Esi"), desk_of("Kwame")
    blacklist_him(esi, kofi)
    kwame.open("/customers")
    token = kwame.form("search-form").find("input[@name='csrf_token']").get("value")
    kwame.open(f"/customers/{kofi.id}")
    with book.app.app_context():
        case = db.session.scalar(select(Blacklisting.seq))
    refused = partial(
        kwame, "POST", f"/customers/{kofi.id}/blacklisting/undo", csrf_token=token, case=str(case)
    )
    assert refused.status_code == 409
    assert "Esi opened this blacklisting; only they can undo it" in refused.text


def test_the_list_filters_by_waiting_for_review(book, kofi, desk_of):
    with book.app.app_context():
        add(first_name="Good", email="good@example.com")
    esi = desk_of("Esi")
    blacklist_him(esi, kofi)
    esi.open("/customers")
    assert esi.text.count("Needs review") == 2, "the option, and the tag of one row"
    esi.send("search-form", standing="waiting")
    assert esi.page.location == "/customers?standing=waiting"
    esi.follow()
    assert "Kofi Annan" in esi.text
    assert "Good Annan" not in esi.text
    assert "Clear all filters" in esi.text


def test_deleting_says_what_goes_and_leaves_a_tombstone(kofi, desk_of):
    ama = desk_of("Ama")
    ama.open(f"/customers/{kofi.id}/delete")
    for told in (
        "This goes for ever",
        "Name, e-mail, phone number",
        "This stays",
        kofi.reference,
    ):
        assert told in ama.text
    ama.send("delete-form")
    assert ama.follow().status_code == 410
    for told in (
        "Deleted customer",
        "Ama deleted this customer on",
        kofi.reference,
        str(kofi.id),
        "erased",
    ):
        assert told in ama.text
    for gone in ("Kofi", "Annan", "kofi.annan@example.com", "20 123 4567"):
        assert gone not in ama.text
    yaw = desk_of("Yaw")
    assert yaw.open(f"/customers/{kofi.id}").status_code == 410
    for path in ("edit", "blacklisting", "delete", "blacklisting/lift"):
        assert ama.open(f"/customers/{kofi.id}/{path}").status_code == 410
        assert "Ama deleted this customer" in ama.text
    ama.open("/customers")
    assert "Annan" not in ama.text


def test_deleting_a_blacklisted_customer_is_refused_with_the_reason(kofi, desk_of):
    blacklist_him(desk_of("Esi"), kofi)
    ama = desk_of("Ama")
    ama.open(f"/customers/{kofi.id}/delete")
    assert "remove the blacklisting first" in ama.text
    assert not [form for form in ama.page.tree.iter("form") if form.get("id") == "delete-form"]


def test_an_edit_of_a_blacklisted_customer_is_marked(kofi, desk_of):
    esi = desk_of("Esi")
    blacklist_him(esi, kofi)
    esi.open(f"/customers/{kofi.id}/edit")
    esi.send("customer-form", first_name="Kwesi")
    esi.follow()
    assert "changed the details of a blacklisted customer" in esi.text
