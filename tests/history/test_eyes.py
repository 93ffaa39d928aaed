"""Four eyes means two people: whoever could have signed in as another counts as the same person."""

import pytest

from tests.support.cast import SOMEBODY, actor, add, member
from webapp.blacklist import opening
from webapp.blacklist.filters import CaseFilter, Which
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import queue, review
from webapp.history import eyes
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict
from webapp.staff import members, second_factor


def case_of(name):
    customer = add(email=f"{name.lower()}.case@example.com", phone=None)
    return opening.open_case(customer.id, reason="fraud", by=actor(name)).case.seq


def decides(name, seq):
    """Whether somebody may decide a case; if so, they do."""
    try:
        review.decide(seq, Decision.UPHELD, by=actor(name))
    except Conflict as refusal:
        assert refusal.code == "own_decision"
        return False
    return True


def factor_reset(name, by):
    with db.session.no_autoflush:
        member(name).totp_secret = second_factor.offer(member(name).id, "x").sealed
    db.session.commit()
    members.reset_second_factor(member(name).id, by=actor(by))


RESETS = {
    "password": lambda name, by: members.reset_password(member(name).id, by=actor(by)),
    "second factor": factor_reset,
}


@pytest.mark.parametrize("what", RESETS)
def test_whoever_reset_a_manager_is_that_manager_for_a_month(staffed, what, the_clock):

    the_clock.moment = clock.now()
    opened_by_admin, opened_by_manager = case_of("Adwoa"), case_of("Ama")
    RESETS[what]("Ama", "Adwoa")
    assert not decides("Ama", opened_by_admin)
    assert not decides("Adwoa", opened_by_manager)
    the_clock.forward(days=29)
    assert not decides("Ama", opened_by_admin)
    the_clock.forward(days=2)
    assert decides("Ama", opened_by_admin)
    assert decides("Adwoa", opened_by_manager)


def test_whoever_created_an_account_is_its_holder_for_a_month(staffed, the_clock):

    the_clock.moment = clock.now()
    opened = case_of("Adwoa")
    members.add_member(email="efua@example.com", name="Efua", role="manager", by=actor("Adwoa"))
    with pytest.raises(
        Conflict, match="You and Adwoa count as one person: Adwoa created the account of yours"
    ):
        review.decide(opened, Decision.OVERTURNED, note="Wrong.", by=actor("Efua"))
    the_clock.forward(days=31)
    assert decides("Efua", opened)


def test_two_whom_one_admin_added_are_two(staffed):
    """Otherwise nobody in a new company could review anything."""
    for name in ("Efua", "Akua"):
        members.add_member(
            email=f"{name}@example.com", name=name, role="manager", by=actor("Adwoa")
        )
    assert decides("Akua", case_of("Efua"))


def test_two_whom_one_admin_reset_are_one(staffed):
    """The admin could have signed in as either."""
    for name in ("Ama", "Esi"):
        members.reset_password(member(name).id, by=actor("Adwoa"))
    assert not decides("Ama", case_of("Esi"))


def test_a_reset_by_the_operator_ties_nobody(staffed):
    members.reset_password(member("Ama").id, by=SOMEBODY)
    assert eyes.eyes_of(member("Ama").id) == {member("Ama").id}


def test_the_queue_skips_cases_of_tied_members(staffed):
    seq = case_of("Adwoa")
    assert queue.turn(CaseFilter(which=Which.WAITING), by=actor("Ama")).present.case.seq == seq
    members.reset_password(member("Ama").id, by=actor("Adwoa"))
    assert queue.turn(CaseFilter(which=Which.WAITING), by=actor("Ama")) is None


def test_the_member_is_told_at_each_sign_in_and_managers_see_it(book, desk_of):
    with book.app.app_context():
        members.reset_password(member("Ama").id, by=actor("Adwoa"))
        assert [tie.by_name for tie in eyes.told_to(member("Ama").id)] == ["Adwoa"]
    manager = desk_of("Adwoa")
    manager.open("/blacklist")
    assert "Adwoa gave out a one-time password for Ama" in manager.text


@pytest.mark.parametrize("then", ["creates", "resets"])
def test_through_an_account_that_one_created_for_it(staffed, then):
    """An admin adds a second admin, signs in as them, and in that name adds a
    manager or resets one.
    """
    members.add_member(email="efua@example.com", name="Efua", role="admin", by=actor("Adwoa"))
    if then == "creates":
        members.add_member(email="akua@example.com", name="Akua", role="manager", by=actor("Efua"))
    else:
        members.reset_password(member("Ama").id, by=actor("Efua"))
    assert not decides("Akua" if then == "creates" else "Ama", case_of("Adwoa"))
