"""The blacklist: the first reason stands, the opener may undo, somebody else lifts."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from tests.support.cast import actor, add, kinds
from tests.support.refusals import refused
from webapp.blacklist import opening
from webapp.blacklist.case import closed_cases, find_open
from webapp.blacklist.models import Blacklisting, Decision, State
from webapp.blacklist.reviewing import review
from webapp.customers import edit, finding
from webapp.customers.clashes import ChangedMeanwhile
from webapp.history.entries import Actor, entries_of
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Conflict, Invalid, NotFound
from webapp.search import results
from webapp.search.filters import CustomerFilter, Standing

pytestmark = pytest.mark.usefixtures("staffed")


def open_case(customer, by="Esi", reason="fraud", note="Two cards, one face."):
    return opening.open_case(customer.id, reason=reason, note=note, by=actor(by))


def open_seq(customer):
    case = find_open(finding.get_customer(customer.id))
    return case.seq if case else None


def undo(customer, by):
    return opening.undo(customer.id, case_seq=open_seq(customer), by=actor(by))


def lift(customer, by, note="Paid."):
    return review.lift(customer.id, case_seq=open_seq(customer), note=note, by=actor(by))


def alter(**columns):
    """Change a row as no service does, to test the database's own constraints."""
    with writing():
        db.session.execute(update(Blacklisting).values(**columns))


def test_blacklisting_takes_effect_immediately_and_says_why_who_and_when(kofi):
    opening = open_case(kofi)
    case, customer = opening.case, finding.get_customer(kofi.id)
    assert opening.is_new
    assert customer.blacklisted
    assert (case.reason, case.note, case.opened_by_name) == ("fraud", "Two cards, one face.", "Esi")
    assert case.opened_at == customer.updated_at
    assert case.review_by - case.opened_at == timedelta(days=90)
    entry = entries_of(kofi.subject, limit=1)[0]
    assert (entry.kind, entry.version, entry.actor_name) == ("blacklisted", 2, "Esi")
    assert entry.values.new == {
        "blacklisted": True,
        "reason": "fraud",
        "note": "Two cards, one face.",
        "case": case.seq,
        "accountable_id": actor("Esi").id,
    }


def test_the_first_reason_stands(kofi):
    open_case(kofi)
    second = open_case(kofi, by="Kwame", reason="abuse", note="")
    assert not second.is_new
    assert (second.case.reason, second.case.opened_by_name) == ("fraud", "Esi")
    assert kinds(kofi) == ["blacklisted", "created"]


@pytest.mark.parametrize(
    ("reason", "note", "field"),
    [
        ("", "", "reason"),
        ("unspecified", "", "reason"),
        ("nonsense", "", "reason"),
        ("other", "", "note"),
        ("other", "   ", "note"),
        ("fraud", "x" * 2001, "note"),
        ("fraud", "nul\0", "note"),
        ("fraud", "turned \u202e round", "note"),
        ("fraud", "\ud800", "note"),
    ],
)
def test_a_case_needs_a_reason_and_a_readable_note(kofi, reason, note, field):
    with pytest.raises(Invalid) as refusal:
        open_case(kofi, reason=reason, note=note)
    assert list(refusal.value.fields) == [field]
    assert not finding.get_customer(kofi.id).blacklisted


def test_all_problems_are_told_at_once(kofi):
    with pytest.raises(Invalid) as refusal:
        open_case(kofi, reason="", note="x" * 2001)
    assert set(refusal.value.fields) == {"reason", "note"}


@pytest.mark.parametrize("note", ["x" * 2000, "Line\r\nLine\rLine\tTab", "नमस्ते 👩‍👩‍👧 می‌خواهم"])
def test_a_note_may_be_long_and_in_any_script(kofi, note):
    assert open_case(kofi, note=note).case.note == note.replace("\r\n", "\n").replace("\r", "\n")


def test_whoever_opened_it_takes_it_back_within_ten_minutes(kofi, the_clock):
    the_clock.moment = clock.now()
    open_case(kofi)
    the_clock.forward(minutes=10)
    customer = undo(kofi, "Esi")
    assert not customer.blacklisted
    assert kinds(kofi) == ["undone", "blacklisted", "created"]
    (case,) = closed_cases(kofi.seq)
    assert (case.outcome, case.closed_by_name, case.closed_at) == (
        "undone",
        "Esi",
        customer.updated_at,
    )


def test_after_ten_minutes_only_a_manager_lifts(kofi, the_clock):
    the_clock.moment = clock.now()
    open_case(kofi)
    the_clock.forward(minutes=10, milliseconds=1)
    assert refused(lambda: undo(kofi, "Esi")) == "too_late"
    assert not lift(kofi, "Ama").blacklisted


def test_nobody_takes_back_what_somebody_else_opened(kofi):
    open_case(kofi)
    assert refused(lambda: undo(kofi, "Kwame")) == "not_yours"
    key_of_esi = Actor(kind="key", id=actor("Esi").id, name="Shop", door="api")
    assert (
        refused(lambda: opening.undo(kofi.id, case_seq=open_seq(kofi), by=key_of_esi))
        == "not_yours"
    )


def test_nobody_takes_back_what_was_reviewed(kofi):
    open_case(kofi)
    review.decide(open_seq(kofi), Decision.UPHELD, by=actor("Ama"))
    assert refused(lambda: undo(kofi, "Esi")) == "reviewed"


def test_nobody_lifts_what_they_opened_themselves(kofi):
    open_case(kofi, by="Ama")
    assert refused(lambda: lift(kofi, "Ama")) == "own_decision"
    lift(kofi, "Adwoa")


@pytest.mark.parametrize("note", ["", "  ", "x" * 2001, "nul\0"])
def test_lifting_needs_a_reason(kofi, note):
    open_case(kofi)
    with pytest.raises(Invalid) as refusal:
        lift(kofi, "Ama", note=note)
    assert list(refusal.value.fields) == ["note"]
    assert finding.get_customer(kofi.id).blacklisted


def test_whoever_comes_too_late_is_told_what_happened(kofi):
    assert refused(lambda: lift(kofi, "Ama")) == "not_blacklisted"
    open_case(kofi)
    lift(kofi, "Ama")
    with pytest.raises(Conflict, match="Ama removed this blacklisting already"):
        lift(kofi, "Adwoa")
    open_case(kofi)
    undo(kofi, "Esi")
    with pytest.raises(Conflict, match="Esi undid this blacklisting already"):
        undo(kofi, "Esi")


def test_only_the_case_that_was_seen_is_closed(kofi):
    seen = open_case(kofi, reason="request").case.seq
    review.lift(kofi.id, case_seq=seen, note="Paid.", by=actor("Adwoa"))
    open_case(kofi, by="Kwame")
    for deed in (
        lambda: review.lift(kofi.id, case_seq=seen, note="It was asked for.", by=actor("Ama")),
        lambda: opening.undo(kofi.id, case_seq=seen, by=actor("Kwame")),
        lambda: review.lift(kofi.id, case_seq=None, note="It was asked for.", by=actor("Ama")),
    ):
        with pytest.raises(
            Conflict, match="Kwame has opened another blacklisting meanwhile"
        ) as refusal:
            deed()
        assert refusal.value.code == "other_case"
    assert finding.get_customer(kofi.id).blacklisted


@pytest.mark.parametrize(
    ("closer", "outcome"),
    [("Esi", "lifted"), ("Esi", "overturned"), ("Ama", "undone"), ("Kwame", "undone")],
)
def test_the_database_holds_four_eyes_too(kofi, closer, outcome):
    open_case(kofi)
    by = actor(closer)
    with pytest.raises(IntegrityError):
        alter(
            closed_at=clock.EPOCH,
            outcome=outcome,
            closed_by_kind="staff",
            closed_by_id=by.id,
            closed_by_name=by.name,
        )


def test_every_case_is_kept(kofi):
    for reason in ("fraud", "abuse", "terms"):
        open_case(kofi, reason=reason)
        lift(kofi, "Ama")
    open_case(kofi, reason="identity")
    assert [case.reason for case in closed_cases(kofi.seq)] == ["terms", "abuse", "fraud"]
    assert find_open(finding.get_customer(kofi.id)).reason == "identity"


def test_a_customer_who_is_not_there():
    missing = add().id.int ^ 1
    with pytest.raises(NotFound):
        opening.open_case(
            type(add(email="b@example.com").id)(int=missing), reason="fraud", by=actor("Esi")
        )


def test_other_edits_stay_possible_and_are_marked(kofi):
    open_case(kofi)
    changed = edit.change(kofi.id, {"first_name": "Kwesi"}, based_on=1, by=actor("Kwame"))
    assert changed.customer.blacklisted
    assert kinds(kofi)[0] == "changed_on_blacklist"
    clash = {"first_name": "Yaw"}
    with pytest.raises(ChangedMeanwhile):
        edit.change(kofi.id, clash, based_on=2, by=actor("Esi"))


STATES = [
    ({}, 0, State.WAITING),
    ({}, 91, State.OVERDUE),
    ({"reviewed_at": clock.EPOCH}, 0, State.UPHELD),
    ({"reviewed_at": clock.EPOCH}, 91, State.OVERDUE),
    ({"closed_at": clock.EPOCH, "outcome": "lifted"}, 91, State.LIFTED),
    ({"closed_at": clock.EPOCH, "outcome": "undone"}, 0, State.UNDONE),
    ({"closed_at": clock.EPOCH, "outcome": "overturned"}, 0, State.OVERTURNED),
]


@pytest.mark.parametrize(("columns", "days", "state"), STATES)
def test_a_state_is_derived_and_means_the_same_in_a_query(kofi, columns, days, state):
    case = open_case(kofi).case
    if columns:
        alter(**columns)
    now = clock.now() + timedelta(days=days)
    db.session.refresh(case)
    assert case.state(now) is state
    waits = db.session.scalars(select(Blacklisting.seq).where(Blacklisting.waiting(now))).all()
    assert bool(waits) is case.waits(now) is (state in (State.WAITING, State.OVERDUE))


def found(standing):
    rows = results.page_of(CustomerFilter(standing=standing)).rows
    return {(row.id, row.blacklisted, row.waiting) for row in rows}


def test_lists_tell_those_who_wait_for_review_apart(kofi, the_clock):
    the_clock.moment = clock.now()
    ama, yaw = add(email="ama@example.org"), add(email="yaw@example.org")
    for customer in (kofi, ama):
        open_case(customer)
    with writing():
        upheld = update(Blacklisting).where(Blacklisting.customer_seq == ama.seq)
        db.session.execute(upheld.values(reviewed_at=clock.now()))

    assert found(Standing.GOOD) == {(yaw.id, False, False)}
    assert found(Standing.BLACKLISTED) == {(kofi.id, True, True), (ama.id, True, False)}
    assert found(Standing.WAITING) == {(kofi.id, True, True)}
    assert results.page_of(CustomerFilter(standing=Standing.WAITING)).total == 1
    the_clock.forward(days=91)
    assert {row[0] for row in found(Standing.WAITING)} == {kofi.id, ama.id}
    assert results.listed(kofi.id).waiting
