"""Who may merge whom, and undo it: every asker, second person, opener and standing."""

from itertools import count, product

import pytest
from sqlalchemy import update

from tests.support.cast import actor, add
from tests.support.histories import is_sound
from webapp.blacklist import opening
from webapp.customers import finding
from webapp.history.entries import Actor
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Conflict
from webapp.merging.agreeing import agree_to_merge, agree_to_undo
from webapp.merging.merging import merge
from webapp.merging.taking_back import take_back
from webapp.staff.models import StaffMember

MANAGERS = ("Ama", "Adwoa", "Kwame")
OPENERS = ("Esi", "Ama", "Adwoa", "Ama's key")
STANDINGS = ("neither", "survivor", "other", "both")
NUMBERS = count()
NOTE = "One passport."


@pytest.fixture
def three_managers(staffed):
    with writing():
        its_own = update(StaffMember).where(StaffMember.name == "Kwame")
        db.session.execute(its_own.values(role="manager"))
    return staffed


def by(name):
    if name == "Ama's key":
        owner = actor("Ama").id
        return Actor(kind="key", id=1, name="Shop", door="api", owner_id=owner)
    return actor(name)


def pair(standing, opener):
    """Two customers, blacklisted as the standing says: the other one by Esi where both are."""
    number = next(NUMBERS)
    emails = (f"{side}{number}@example.com" for side in ("one", "two"))
    one, other = (add(email=email, phone=None, first_name=f"N{number}") for email in emails)
    if standing in ("survivor", "both"):
        opening.open_case(one.id, reason="fraud", by=by(opener))
    if standing in ("other", "both"):
        opening.open_case(other.id, reason="fraud", by=by("Esi" if standing == "both" else opener))
    return one.id, other.id


def may_agree(asker, second, opener):
    """Nobody who asked, or who answers for a case that is open."""
    return second not in (asker, opener.removesuffix("'s key"))


def outcome(deed, *arguments, **more):
    try:
        done = deed(*arguments, **more)
    except Conflict as refusal:
        return refusal.code
    return "waits" if done.request else "done"


def is_merged(other):
    return finding.get_customer(other).id != other


@pytest.mark.parametrize(("standing", "opener"), [*product(STANDINGS, OPENERS)])
def test_each_asker_and_each_second_person(three_managers, standing, opener):
    for asker, second in product(MANAGERS, MANAGERS):
        one, other = pair(standing, opener)
        asked = outcome(merge, one, other, choices={}, note=NOTE, by=actor(asker))
        assert asked == ("done" if standing == "neither" else "waits")
        assert is_merged(other) == (standing == "neither")
        if asked == "waits":
            agreed = outcome(agree_to_merge, one, other, by=actor(second))
            assert (agreed == "done") == may_agree(asker, second, opener)
            assert is_merged(other) == (agreed == "done")
    assert is_sound()


@pytest.mark.parametrize(("standing", "opener"), [*product(STANDINGS, OPENERS)])
def test_each_who_wants_it_undone_and_each_second_person(three_managers, standing, opener):
    merger, agreeing = ("Kwame", "Adwoa" if opener != "Adwoa" else "Ama")
    for asker, second in product(MANAGERS, MANAGERS):
        one, other = pair(standing, opener)
        if outcome(merge, one, other, choices={}, note=NOTE, by=actor(merger)) == "waits":
            agree_to_merge(one, other, by=actor(agreeing))
        asked = outcome(take_back, other, note=NOTE, by=actor(asker))
        assert asked == ("done" if standing == "neither" else "waits")
        if asked == "waits":
            agreed = outcome(agree_to_undo, other, by=actor(second))
            assert (agreed == "done") == may_agree(asker, second, opener)
        assert is_merged(other) == (asked == "waits" and agreed != "done")
    assert is_sound()
