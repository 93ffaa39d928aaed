"""Merges at the same moment as other merges, blacklistings, edits and deletions: one outcome, and
the other person is told.
"""

from functools import partial

import pytest

from tests.support.at_once import at_once
from tests.support.cast import actor, add
from tests.support.histories import faults_in_histories
from tests.support.proofs import rounds
from webapp.blacklist import opening
from webapp.customers import edit, erase, finding
from webapp.customers.changes import CustomerDeleted
from webapp.history import changes
from webapp.kernel.database import db
from webapp.kernel.refusals import NotFound
from webapp.merging.merging import merge

ROUNDS = rounds(20, 100)
NOTE = "One passport."


def merged(one, other, seen, by):
    try:
        done = merge(one, other, choices={}, note=NOTE, seen=seen, by=by)
    except NotFound as refusal:
        return refusal.code
    return "asked" if done.request else "merged"


def blacklisted(one, by):
    customer = opening.open_case(one, reason="fraud", by=by).customer
    return f"blacklisted {customer.id == one}"


def edited(one, by):
    return bool(edit.change(one, {"first_name": "Kwabena"}, based_on=1, by=by)) and "edited"


def deleted(one, by):
    try:
        return bool(erase.delete_customer(one, by=by)) and "deleted"
    except NotFound as refusal:
        return refusal.code


@pytest.fixture
def people(staff):
    with staff.app.app_context():
        return {name: actor(name) for name in ("Ama", "Adwoa", "Esi")}


def pairs(book):
    for number in range(ROUNDS):
        with book.app.app_context():
            emails = (f"{side}{number}@example.com" for side in ("one", "two"))
            ids = [add(email=email, phone=None).id for email in emails]
            db.session.remove()
        yield ids


def stands(book, one):
    """Whom an id leads to; `None` if they are deleted."""
    with book.app.app_context():
        try:
            return finding.get_customer(one)
        except CustomerDeleted:
            return None


def is_sound(book):
    with book.app.app_context():
        return [*faults_in_histories(), *changes.faults()] == []


def test_two_people_merge_the_same_pair(staff, people, figure):
    """Each keeps another record, so that either could be the survivor."""
    for one, other in pairs(staff):
        outcomes = at_once(
            staff,
            partial(merged, one, other, (1, 1), people["Ama"]),
            partial(merged, other, one, (1, 1), people["Adwoa"]),
        )
        assert sorted(outcomes) == ["customer_merged", "merged"]
        survivor = (one, other)[outcomes.index("merged")]
        assert {stands(staff, each).id for each in (one, other)} == {survivor}
    assert is_sound(staff)
    figure(f"{ROUNDS} pairs merged by two at once on {staff.kind}: one merge each, the other told")


def test_one_merges_while_the_other_blacklists(staff, people, figure):
    for one, other in pairs(staff):
        outcomes = at_once(
            staff,
            partial(merged, one, other, (1, 1), people["Ama"]),
            partial(blacklisted, other, people["Esi"]),
        )
        assert outcomes in (
            ["merged", "blacklisted False"],
            ["other_version", "blacklisted True"],
        )
        assert stands(staff, other).blacklisted
    assert is_sound(staff)
    figure(f"{ROUNDS} merges while another blacklists on {staff.kind}: nobody walked free")


def test_one_merges_while_the_other_edits(staff, people, figure):
    for one, other in pairs(staff):
        outcomes = at_once(
            staff,
            partial(merged, one, other, (1, 1), people["Ama"]),
            partial(edited, other, people["Esi"]),
        )
        assert outcomes in (["merged", "customer_merged"], ["other_version", "edited"])
    assert is_sound(staff)
    figure(f"{ROUNDS} merges while another edits on {staff.kind}: one of the two, the other told")


def test_one_merges_while_the_other_deletes(staff, people, figure):
    told = {"merged": "customer_merged", "customer_not_found": "deleted"}
    for one, other in pairs(staff):
        outcomes = at_once(
            staff,
            partial(merged, one, other, None, people["Ama"]),
            partial(deleted, other, people["Adwoa"]),
        )
        assert told[outcomes[0]] == outcomes[1]
        assert (stands(staff, other) is None) == (outcomes[1] == "deleted")
    assert is_sound(staff)
    figure(f"{ROUNDS} merges while another deletes on {staff.kind}: one of the two, the other told")
