"""Two open cases that become one: nobody walks around the second person through a merge."""

import pytest

from tests.merging.test_merging import NOTE, merged, parted
from tests.support.cast import actor, add
from tests.support.histories import is_sound
from webapp.blacklist import opening
from webapp.blacklist.case import cases_of, find_open
from webapp.blacklist.models import Decision, State
from webapp.blacklist.opening import JoinedWithOthers, Upheld
from webapp.blacklist.reviewing import review, review_undo
from webapp.customers import finding
from webapp.history.entries import Actor
from webapp.kernel.refusals import Conflict
from webapp.merging.merging import merge
from webapp.merging.plan import NotSettled
from webapp.merging.taking_back import take_back

KEY = Actor(kind="key", id=7, name="Shop", door="api")


@pytest.fixture
def two(staffed, the_clock):
    """Two customers with nothing in common."""
    one = add()
    other = add(first_name="Kojo", last_name="Boateng", email="kojo@example.com", phone=None)
    return one, other


def opened(customer, by="Esi"):
    by = actor(by) if isinstance(by, str) else by
    return opening.open_case(customer.id, reason="fraud", note="Cards.", by=by).case


def decided(case_seq, decision, by="Ama"):
    return review.decide(case_seq, decision, note="Why.", by=actor(by))


def stands(*customers):
    return [finding.get_customer(one.id).blacklisted for one in customers]


def standing_case(customer):
    return find_open(finding.get_customer(customer.id))


@pytest.mark.parametrize("first", ["Esi", "Kwame"])
def test_no_opener_undoes_what_is_joined(two, first):
    one, other = two
    opened(one, first)
    opened(other, "Esi")
    merged(one, other)
    case = standing_case(one)
    with pytest.raises(JoinedWithOthers):
        opening.undo(one.id, case_seq=case.seq, by=actor(case.opened_by_name))
    assert stands(one) == [True]


@pytest.mark.parametrize("whose", [0, 1])
def test_no_program_clears_what_a_manager_kept(two, whose):
    decided(opened(two[whose]).seq, Decision.UPHELD)
    opened(two[1 - whose], KEY)
    merged(*two)
    with pytest.raises(Upheld):
        opening.clear(two[0].id, by=KEY)
    assert stands(two[0]) == [True]


def test_what_nobody_reviewed_waits_although_the_other_was_kept(two, the_clock):
    one, other = two
    decided(opened(one).seq, Decision.UPHELD)
    fresh = opened(other, "Kwame")
    merged(one, other)
    assert (standing_case(one).seq, standing_case(one).waits(fresh.opened_at)) == (fresh.seq, True)
    parted(other)
    assert (stands(one, other), is_sound()) == ([True, True], True)


def test_a_request_to_remove_it_still_waits(two, the_clock):
    one, other = two
    decided(opened(one).seq, Decision.UPHELD)
    case = opened(other, "Kwame")
    decided(case.seq, Decision.UPHELD)
    opening.ask_for_lift(other.id, case_seq=case.seq, note="Paid.", by=actor("Esi"))
    merged(one, other)
    assert standing_case(one).lift_is_asked


def test_a_merge_is_undone_once_a_removal_is_settled(two, the_clock):
    one, other = two
    opened(one)
    opened(other, "Kwame")
    merged(one, other)
    decided(standing_case(one).seq, Decision.OVERTURNED)
    with pytest.raises(NotSettled):
        take_back(other.id, note=NOTE, by=actor("Ama"))
    the_clock.forward(minutes=11)
    done = parted(other)
    assert (stands(one, other), done.stays_closed, is_sound()) == ([False, False], 1, True)
    opened(other)
    merged(one, other)
    parted(other)
    assert (stands(one, other), is_sound()) == ([False, True], True)


def test_the_review_of_what_stands_is_undone(two):
    one, other = two
    opened(one)
    opened(other, "Kwame")
    merged(one, other)
    made = decided(standing_case(one).seq, Decision.OVERTURNED)
    review_undo.undo_review(made.seq, by=actor("Ama"))
    assert (stands(one), is_sound()) == ([True], True)


def test_no_review_is_undone_beside_another_open_case(two):
    one, other = two
    opened(one)
    made = decided(opened(other, "Kwame").seq, Decision.OVERTURNED)
    merged(one, other)
    with pytest.raises(Conflict, match="blacklisted again"):
        review_undo.undo_review(made.seq, by=actor("Ama"))
    assert [case.state(case.opened_at) for case in cases_of(one.seq)] != [State.JOINED] * 2


def test_whoever_answers_for_a_joined_case_is_told_so(two):
    one, other = two
    opened(one)
    opened(other, "Kwame")
    merged(one, other)
    case = standing_case(one)
    with pytest.raises(Conflict) as refusal:
        review.lift(one.id, case_seq=case.seq, note="No.", by=actor("Kwame"))
    assert "joined with this one" in refusal.value.message


def test_undone_in_any_order_each_has_their_own_again(two):
    """Also what an earlier merge had brought that is undone since."""
    one, other = two
    third = add(first_name="Yaw", email="yaw@example.com", phone="+233201234777")
    phone, email = one.phone, one.email
    for another in (other, third):
        merge(
            one.id,
            another.id,
            choices={"email": "other", "phone": "other", "first_name": "other"},
            note=NOTE,
            by=actor("Ama"),
        )
    parted(other)
    parted(third)
    back = finding.get_customer(one.id)
    assert (back.phone, back.email, back.first_name) == (phone, email, "Kofi")
    assert (finding.get_customer(third.id).email, is_sound()) == ("yaw@example.com", True)
