"""Reviews: upheld, overturned, due again; undone within ten minutes; asked to be lifted."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from tests.support.cast import actor, add, kinds
from tests.support.refusals import refused
from webapp.blacklist import listing, opening
from webapp.blacklist.case import cases_of, closed_cases, reviews_of
from webapp.blacklist.filters import CaseFilter, Which
from webapp.blacklist.models import Blacklisting, Decision, Review, State
from webapp.blacklist.reviewing import queue, review, review_undo
from webapp.customers import erase, finding
from webapp.history.entries import Actor, entries_of
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Invalid, NotFound

pytestmark = pytest.mark.usefixtures("staffed")
WAITING = CaseFilter(which=Which.WAITING)


def opened(customer, by="Esi", **more):
    return opening.open_case(customer.id, reason="fraud", by=actor(by), **more).case


def present(case):
    db.session.expire_all()
    return db.session.get(Blacklisting, case.seq)


def test_a_case_that_stands_is_due_again_when_it_was_said(kofi, the_clock):
    the_clock.moment = clock.now()
    case = opened(kofi)
    the_clock.forward(days=2)
    made = review.decide(
        case.seq, Decision.UPHELD, note="Clear.", look_again_after=30, by=actor("Ama")
    )
    case = present(case)
    assert (case.reviewed_by_name, case.review_note, case.state(clock.now())) == (
        "Ama",
        "Clear.",
        State.UPHELD,
    )
    assert case.review_by - made.at == timedelta(days=30)
    assert listing.count(WAITING) == 0
    entry = entries_of(kofi.subject, limit=1)[0]
    assert (entry.kind, entry.actor_name, entry.new("note")) == ("upheld", "Ama", "Clear.")
    the_clock.forward(days=30)
    assert present(case).state(clock.now()) is State.OVERDUE
    assert listing.count(WAITING) == listing.count(CaseFilter(which=Which.OVERDUE)) == 1
    review.decide(case.seq, Decision.UPHELD, by=actor("Ama"))
    assert listing.count(WAITING) == 0
    assert [one.decision for one in reviews_of(cases_of(kofi.seq))] == ["upheld", "upheld"]


def test_a_case_that_was_wrong_is_closed_and_says_so(kofi):
    case = opened(kofi)
    review.decide(case.seq, Decision.OVERTURNED, note="Another Kofi.", by=actor("Ama"))
    customer = finding.get_customer(kofi.id)
    assert not customer.blacklisted
    (closed,) = closed_cases(kofi.seq)
    assert (closed.outcome, closed.closed_by_name, closed.review_note) == (
        "overturned",
        "Ama",
        "Another Kofi.",
    )
    assert closed.closed_at == closed.reviewed_at == customer.updated_at
    assert opened(kofi).seq != case.seq


@pytest.mark.parametrize(
    ("decision", "typed", "field"),
    [
        (Decision.OVERTURNED, {"note": " "}, "note"),
        (Decision.UPHELD, {"note": "x" * 2001}, "note"),
        (Decision.UPHELD, {"look_again_after": 0}, "look_again_after"),
        (Decision.UPHELD, {"look_again_after": 31}, "look_again_after"),
    ],
)
def test_what_a_decision_needs(kofi, decision, typed, field):
    case = opened(kofi)
    with pytest.raises(Invalid) as refusal:
        review.decide(case.seq, decision, by=actor("Ama"), **typed)
    assert list(refusal.value.fields) == [field]
    assert present(case).reviewed_at is None


def test_a_review_that_is_taken_back_leaves_everything_as_it_was(kofi, the_clock):
    the_clock.moment = clock.now()
    case = opened(kofi)
    review.decide(case.seq, Decision.UPHELD, note="First.", look_again_after=365, by=actor("Ama"))
    the_clock.forward(days=10)
    opening.ask_for_lift(kofi.id, case_seq=case.seq, note="Paid.", by=actor("Esi"))
    before = as_plain(present(case))
    for decision in Decision:
        made = review.decide(
            case.seq, decision, note="Again.", look_again_after=30, by=actor("Adwoa")
        )
        assert not present(case).lift_is_asked
        the_clock.forward(minutes=9)
        assert review_undo.undo_review(made.seq, by=actor("Adwoa")).blacklisted
        assert as_plain(present(case)) == before
        assert present(case).lift_is_asked
    assert kinds(kofi)[:4] == ["review_undone", "overturned", "review_undone", "upheld"]


def as_plain(case):
    return {column.name: getattr(case, column.name) for column in Blacklisting.__table__.columns}


def test_who_may_take_a_review_back_and_until_when(kofi, the_clock):
    the_clock.moment = clock.now()
    made = review.decide(opened(kofi).seq, Decision.OVERTURNED, note="Wrong.", by=actor("Ama"))
    assert no_undo(made, actor("Adwoa")) == "not_yours"
    key = Actor(kind="key", id=actor("Ama").id, name="Shop", door="api", owner_id=actor("Ama").id)
    assert no_undo(made, key) == "not_yours"
    the_clock.forward(minutes=10, seconds=1)
    assert no_undo(made, actor("Ama")) == "too_late"
    with pytest.raises(NotFound):
        review_undo.undo_review(made.seq + 99, by=actor("Ama"))


def no_undo(made, by):
    """The reason why a review cannot be undone."""
    return refused(lambda: review_undo.undo_review(made.seq, by=by))


def test_a_review_is_not_taken_back_under_a_newer_case_or_decision(kofi):
    ama = actor("Ama")
    first = review.decide(opened(kofi).seq, Decision.OVERTURNED, note="Wrong.", by=ama)
    newer = opened(kofi, by="Kwame")
    assert no_undo(first, ama) == "newer_case"
    opening.undo(kofi.id, case_seq=newer.seq, by=actor("Kwame"))
    assert no_undo(first, ama) == "newer_case", "closed ones count too"
    second = review.decide(opened(kofi).seq, Decision.UPHELD, by=ama)
    review.lift(kofi.id, case_seq=second.case_seq, note="Paid.", by=actor("Adwoa"))
    assert no_undo(second, ama) == "newer_case"
    third = review.decide(opened(kofi).seq, Decision.UPHELD, by=ama)
    assert review_undo.undo_review(third.seq, by=ama).blacklisted
    assert no_undo(third, ama) == "undone"


def test_an_upheld_case_that_is_asked_to_be_lifted_waits_again(kofi):
    case = opened(kofi)
    review.decide(case.seq, Decision.UPHELD, by=actor("Ama"))
    ask(kofi, case, "Paid.", "Esi")
    assert listing.count(WAITING) == 1
    assert refused(lambda: ask(kofi, case, "x", "Ama")) == "lift_asked"
    review.decide(case.seq, Decision.UPHELD, note="Not all of it.", by=actor("Ama"))
    assert listing.count(WAITING) == 0
    ask(kofi, case, "All of it.", "Kwame")
    assert present(case).lift_asked_by_name == "Kwame"
    with pytest.raises(Invalid):
        ask(kofi, case, " ", "Kwame")


def ask(customer, case, note, by):
    """Ask for a lift."""
    return opening.ask_for_lift(customer.id, case_seq=case.seq, note=note, by=actor(by))


@pytest.mark.parametrize(
    "columns", [{"reviewed_by_id": 1}, {"closed_by_id": 1, "outcome": "overturned"}]
)
def test_the_database_holds_four_eyes_over_keys_too(kofi, columns):
    """A key's owner neither reviews nor closes what the key opened."""
    ama = actor("Ama")
    key = Actor(kind="key", id=7, name="Shop", door="api", owner_id=ama.id)
    opening.open_case(kofi.id, reason=None, by=key)
    values = {name: ama.id if name.endswith("_id") else value for name, value in columns.items()}
    if "outcome" in values:
        values |= {"closed_at": clock.now(), "closed_by_kind": "staff", "closed_by_name": "Ama"}
    with pytest.raises(IntegrityError), writing():
        db.session.execute(update(Blacklisting).values(values))


DAYS = {"old": 100, "older": 20, "young": 5, "own": 3, "new": 1}
TURNS = [("old", 1, 5), ("older", 2, 5), ("young", 3, 5), ("new", 5, 5), ("old", 1, 5)]


def test_the_queue_has_overdue_first_then_the_oldest(the_clock):
    cases, ama = open_days_ago(the_clock), actor("Ama")
    page = listing.page_of(WAITING)
    assert [row.customer.first_name for row in page.rows] == [*DAYS]
    seen, case_seq = [], None
    for _ in range(5):
        turn = queue.turn(WAITING, by=ama, case_seq=case_seq)
        seen.append((turn.present.customer.first_name, turn.position, turn.total))
        case_seq = turn.following.case.seq
    assert seen == TURNS, "one's own is passed over"
    own = queue.turn(WAITING, by=ama, case_seq=cases["own"].seq)
    assert (own.present.customer.first_name, own.position, own.following.customer.first_name) == (
        "own",
        4,
        "new",
    )
    gone = queue.turn(WAITING, by=ama, case_seq=cases["new"].seq + 99)
    assert gone.present.customer.first_name == "old"
    for name in DAYS.keys() - {"own"}:
        review.decide(cases[name].seq, Decision.UPHELD, by=ama)
    assert queue.turn(WAITING, by=ama) is None
    assert queue.turn(WAITING, by=actor("Adwoa")).present.customer.first_name == "own"


def open_days_ago(the_clock):
    """A case of each age; Ama opened one herself."""
    cases, now = {}, clock.now()
    for name, days in DAYS.items():
        the_clock.moment = now - timedelta(days=days)
        customer = add(email=f"{name}@example.com", first_name=name, phone=None)
        cases[name] = opened(customer, by="Ama" if name == "own" else "Esi")
    the_clock.moment = now
    return cases


def test_pages_of_the_queue_go_on_from_the_overdue_to_the_others(the_clock, monkeypatch):
    monkeypatch.setattr(listing, "ROWS", 2)
    now = the_clock.moment = clock.now()
    order = []
    for days in (130, 120, 110, 20, 10, 5):
        the_clock.moment = now - timedelta(days=days)
        order.append(opened(add(email=f"{days}@example.com", phone=None)).seq)
    the_clock.moment = now

    def pages(which):
        wanted = [CaseFilter(which=which, page=number) for number in (1, 2, 3)]
        return [[row.case.seq for row in page.rows] for page in map(listing.page_of, wanted)]

    assert pages(Which.WAITING) == [order[:2], order[2:4], order[4:]]
    assert pages(Which.OVERDUE) == [order[:2], order[2:3], order[2:3]], (
        "a page beyond the last is the last one"
    )
    positions = [queue.turn(WAITING, by=actor("Ama"), case_seq=seq).position for seq in order]
    assert positions == [1, 2, 3, 4, 5, 6]


def test_reviews_of_a_deleted_customer_keep_who_and_when_and_no_words(kofi):
    review.decide(opened(kofi).seq, Decision.OVERTURNED, note="Kofi is another.", by=actor("Ama"))
    erase.delete_customer(kofi.id, by=actor("Ama"))
    (made,) = db.session.query(Review).all()
    assert (made.decision, made.by_name, made.note) == ("overturned", "Ama", None)
