"""Word to those who asked: what was decided, until they have read it."""

import pytest

from tests.support.cast import actor, add, member, remove
from webapp.blacklist import opening
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import answers, review, review_undo
from webapp.kernel import clock
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
    return [answer.case.seq for answer in answers.unread_answers(member(name).id)]


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
    unread.mark_read(member("Kwame").id, until=clock.now())
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
    shown = answers.unread_answers(member("Kwame").id)[0].at
    the_clock.forward(minutes=1)
    ask(kofi, case)
    the_clock.forward(minutes=1)
    decide(case)
    unread.mark_read(member("Kwame").id, until=shown)
    assert told("Kwame") == [case.seq]


def test_nobody_is_told_about_somebody_deleted(kofi, case, inside):
    ask(kofi, case)
    decide(case)
    remove(kofi.id)
    assert told("Kwame") == []
    assert UnreadDecision.query.count() == 0
