"""Word to those who asked: what was decided, until they have read it."""

import pytest

from tests.support.cast import actor, add, member, remove
from webapp.blacklist import opening
from webapp.blacklist.models import Decision, State
from webapp.blacklist.reviewing import decisions, review, review_undo
from webapp.history.entries import Actor
from webapp.staff import unread
from webapp.staff.unread import UnreadDecision

pytestmark = pytest.mark.usefixtures("staffed")


@pytest.fixture
def kofi():
    return add()


@pytest.fixture
def case(kofi):
    return opening.open_case(kofi.id, reason="fraud", by=actor("Esi")).case


def told(name):
    return [one.decision.case_seq for one in to_read(name)]


def to_read(name):
    return decisions.decisions_to_read(member(name).id, limit=20)


def read_all(name):
    shown = [(one.decision.case_seq, one.decision.at) for one in to_read(name)]
    unread.mark_read(member(name).id, shown)


def ask(kofi, case, name="Kwame"):
    opening.ask_for_lift(kofi.id, case_seq=case.seq, note="She paid.", by=actor(name))


def decide(case, decision=Decision.OVERTURNED, name="Ama"):
    return review.decide(case.seq, decision, note="It was her.", by=actor(name))


@pytest.mark.parametrize("decision", Decision)
def test_who_asked_hears_of_the_decision(kofi, case, decision):
    ask(kofi, case)
    assert told("Kwame") == []
    decide(case, decision)
    assert told("Kwame") == [case.seq]


def test_who_blacklisted_hears_that_it_was_removed_not_that_it_stays(kofi, case):
    decide(case, Decision.UPHELD)
    assert told("Esi") == []
    review.lift(kofi.id, case_seq=case.seq, note="Paid.", by=actor("Ama"))
    assert told("Esi") == [case.seq]


def test_nobody_is_told_of_what_they_did_themselves(kofi, case):
    ask(kofi, case, "Ama")
    decide(case, name="Ama")
    assert told("Ama") == []


def test_a_request_that_was_answered_before_is_not_answered_again(kofi, case):
    ask(kofi, case)
    decide(case, Decision.UPHELD)
    read_all("Kwame")
    review.lift(kofi.id, case_seq=case.seq, note="Paid.", by=actor("Ama"))
    assert (told("Kwame"), told("Esi")) == ([], [case.seq])


def test_what_was_undone_is_not_told(kofi, case):
    ask(kofi, case)
    decided = decide(case)
    review_undo.undo_review(decided.seq, by=actor("Ama"))
    assert told("Kwame") == []


def test_later_decisions_stay_unread(kofi, case, the_clock):
    ask(kofi, case)
    decide(case, Decision.UPHELD)
    shown = [(one.decision.case_seq, one.decision.at) for one in to_read("Kwame")]
    the_clock.forward(minutes=1)
    ask(kofi, case)
    the_clock.forward(minutes=1)
    decide(case)
    unread.mark_read(member("Kwame").id, shown)
    assert told("Kwame") == [case.seq]


def test_what_was_decided_is_said_not_what_became_of_it_since(kofi, case, the_clock):
    ask(kofi, case)
    kept_at = decide(case, Decision.UPHELD).at
    the_clock.forward(days=4)
    ask(kofi, case, "Esi")
    [first] = to_read("Kwame")
    assert (first.state, first.decision.by_name, first.decision.at) == (
        State.UPHELD,
        actor("Ama").name,
        kept_at,
    )
    review.lift(kofi.id, case_seq=case.seq, note="Paid.", by=actor("Adwoa"))
    assert [one.state for one in to_read("Kwame")] == [State.UPHELD]
    [answered] = to_read("Esi")
    assert (answered.state, answered.decision.by_name) == (State.LIFTED, actor("Adwoa").name)


def test_who_blacklisted_hears_that_a_program_removed_it(kofi, case):
    ask(kofi, case)
    opening.clear(kofi.id, by=a_key())
    assert told("Esi") == told("Kwame") == [case.seq]
    assert to_read("Esi")[0].decision.by_name == "Shop"


def test_who_undoes_their_own_blacklisting_is_told_nothing(kofi, case):
    opening.undo(kofi.id, case_seq=case.seq, by=actor("Esi"))
    assert told("Esi") == []


def test_undoing_a_second_review_leaves_what_was_told_of_the_first(kofi, case, the_clock):
    ask(kofi, case)
    decide(case, Decision.UPHELD)
    the_clock.forward(days=1)
    ask(kofi, case, "Adwoa")
    second = decide(case, Decision.UPHELD)
    review_undo.undo_review(second.seq, by=actor("Ama"))
    assert told("Kwame") == [case.seq]
    assert told("Adwoa") == []


def a_key():
    return Actor(kind="key", id=1, name="Shop", door="api", owner_id=member("Adwoa").id)


def test_nobody_is_told_about_somebody_deleted(kofi, case, inside):
    ask(kofi, case)
    decide(case)
    remove(kofi.id)
    assert told("Kwame") == []
    assert UnreadDecision.query.count() == 0
