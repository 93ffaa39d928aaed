"""Who is at which case: others get another one first, and are told."""

import pytest

from tests.support.cast import actor, add
from webapp.blacklist import opening
from webapp.blacklist.filters import CaseFilter, Which
from webapp.blacklist.models import Blacklisting, Decision
from webapp.blacklist.reviewing import claims, queue, review
from webapp.kernel.database import db

pytestmark = pytest.mark.usefixtures("staffed")
WAITING = CaseFilter(which=Which.WAITING)


@pytest.fixture
def cases():
    people = [add(email=f"c{number}@example.com", phone=None) for number in range(3)]
    return [opening.open_case(one.id, reason="fraud", by=actor("Esi")).case.seq for one in people]


def claim(name, case_seq):
    claims.claim(case_seq, by=actor(name))
    db.session.rollback()  # a request reads what others have written before it began


def turn_of(name, case_seq=None):
    turn = queue.turn(WAITING, by=actor(name), case_seq=case_seq)
    following = turn.following and turn.following.case.seq
    return turn.present.case.seq, following


def test_two_managers_do_not_get_the_same_case(cases):
    claim("Ama", cases[0])
    assert turn_of("Ama") == (cases[0], cases[1])
    assert turn_of("Adwoa") == (cases[1], cases[2])
    claim("Adwoa", cases[1])
    assert turn_of("Ama") == (cases[0], cases[2])


def test_a_case_that_is_asked_for_is_shown_with_who_is_at_it(cases):
    claim("Ama", cases[0])
    assert turn_of("Adwoa", cases[0])[0] == cases[0]
    assert claims.others_at(cases, by=actor("Adwoa")) == {cases[0]: "Ama"}
    assert claims.others_at(cases, by=actor("Ama")) == {}


def test_when_others_are_at_all_of_them_the_first_is_shown(cases):
    review.decide(cases[2], Decision.UPHELD, by=actor("Ama"))
    claim("Ama", cases[0])
    claim("Kwame", cases[1])
    assert turn_of("Adwoa") == (cases[0], cases[1])


def test_who_goes_on_is_at_the_next_case_only(cases):
    for case in cases:
        claim("Ama", case)
    assert claims.others_at(cases, by=actor("Adwoa")) == {cases[2]: "Ama"}


def test_nobody_is_at_a_case_that_is_not_theirs_to_decide(cases):
    claim("Esi", cases[0])
    assert claims.others_at(cases, by=actor("Ama")) == {}


def test_who_goes_on_passes_over_what_others_took_meanwhile(cases):
    claim("Adwoa", cases[1])
    onward = queue.turn(WAITING, by=actor("Ama"), case_seq=cases[1], onward=True)
    assert onward.present.case.seq == cases[2]
    asked = queue.turn(WAITING, by=actor("Ama"), case_seq=cases[1])
    assert asked.present.case.seq == cases[1]
    review.decide(cases[1], Decision.UPHELD, by=actor("Adwoa"))
    onward = queue.turn(WAITING, by=actor("Ama"), case_seq=cases[1], onward=True)
    assert onward.present.case.seq == cases[2]


def test_a_claim_leaves_what_was_read_as_it_is(cases):
    case = db.session.get(Blacklisting, cases[0])
    claims.claim(cases[0], by=actor("Ama"))
    assert "opened_at" in case.__dict__, "not expired"


def test_nobody_takes_a_case_from_somebody_who_is_at_it(cases):
    claim("Ama", cases[0])
    claim("Adwoa", cases[0])
    assert claims.others_at(cases, by=actor("Adwoa")) == {cases[0]: "Ama"}


def test_a_claim_ends_by_itself(cases, the_clock):
    claim("Ama", cases[0])
    the_clock.forward(minutes=9)
    assert turn_of("Adwoa")[0] == cases[1]
    the_clock.forward(minutes=1)
    assert turn_of("Adwoa")[0] == cases[0]
    claim("Adwoa", cases[0])
    assert claims.others_at(cases, by=actor("Ama")) == {cases[0]: "Adwoa"}


def test_a_claim_locks_nothing(cases):
    claim("Ama", cases[0])
    decided = review.decide(cases[0], Decision.UPHELD, by=actor("Adwoa"))
    assert decided.by_name == "Adwoa"


def test_a_case_that_does_not_exist_is_claimed_by_nobody(cases):
    claim("Ama", max(cases) + 1)
    assert claims.others_at([max(cases) + 1], by=actor("Adwoa")) == {}
