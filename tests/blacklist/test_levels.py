"""Levels below a blacklisting: a customer to check first, and one to watch."""

import pytest

from tests.merging.test_merging import merged
from tests.support.cast import actor, add, bad
from tests.support.histories import is_sound
from webapp.blacklist import screening
from webapp.blacklist.entries import listing, opening, reviewing
from webapp.blacklist.entries.changes import get_entry
from webapp.blacklist.entries.listing import Which
from webapp.customers import edit, erase
from webapp.kernel import clock
from webapp.kernel.refusals import Invalid


def marked(customer, level, by="Esi"):
    raw = {"kind": "customer", "value": customer.reference, "level": level, "reason": "fraud"}
    return opening.add_entry(raw, by=actor(by)).entry.seq


def answers(customer):
    """What a check says by each handle, and by the phone of somebody not named."""
    handles = {"id": str(customer.id), "reference": customer.reference, "email": customer.email}
    return {name: screening.check({name: value}).answer.value for name, value in handles.items()}


@pytest.mark.parametrize(("level", "answer"), [("review", "review"), ("watch", "allow")])
def test_a_check_of_the_customer_by_any_handle(staffed, level, answer):
    kofi = add()
    marked(kofi, level)
    assert set(answers(kofi).values()) == {answer}
    assert screening.check({"email": "other@example.com"}).answer == "allow"
    assert is_sound()


@pytest.mark.parametrize("level", ["review", "watch"])
def test_a_blacklisting_is_stronger(staffed, level):
    kofi = bad()
    marked(kofi, level)
    assert set(answers(kofi).values()) == {"deny"}


def test_what_allows_silences_a_mark_to_check_first(staffed):
    kofi = add()
    marked(kofi, "review")
    raw = {"kind": "email", "value": kofi.email, "level": "allow", "note": "Known."}
    allowed = opening.add_entry(raw, by=actor("Esi")).entry.seq
    reviewing.keep(allowed, by=actor("Ama"))
    assert set(answers(kofi).values()) == {"allow"}


def test_nobody_is_denied_by_a_mark(staffed):
    with pytest.raises(Invalid) as refusal:
        marked(add(), "deny")
    assert refusal.value.fields["level"] == ["Blacklist this customer instead"]
    with pytest.raises(Invalid):
        opening.add_entry(
            {"kind": "customer", "value": "CUS-NOBODY", "level": "watch", "reason": "fraud"},
            by=actor("Esi"),
        )


def test_who_is_watched_waits_for_a_manager_when_something_happens(staffed, the_clock):
    kofi = add()
    seq = marked(kofi, "watch")
    the_clock.forward(minutes=1)
    reviewing.keep(seq, by=actor("Ama"))
    assert not is_waiting(seq)
    the_clock.forward(minutes=1)
    edit.change(kofi.id, {"email": "new@example.com"}, by=actor("Kwame"))
    assert is_waiting(seq)
    the_clock.forward(minutes=1)
    reviewing.keep(seq, by=actor("Ama"))
    assert (is_waiting(seq), is_sound()) == (False, True)


@pytest.mark.parametrize("leaves", ["changes away", "is deleted"])
def test_who_watches_is_told_of_somebody_who_leaves(staffed, the_clock, leaves):
    kofi = add()
    raw = {"kind": "email", "value": kofi.email, "level": "watch", "reason": "fraud"}
    seq = opening.add_entry(raw, by=actor("Esi")).entry.seq
    the_clock.forward(minutes=1)
    reviewing.keep(seq, by=actor("Ama"))
    the_clock.forward(minutes=1)
    if leaves == "is deleted":
        erase.delete_customer(kofi.id, by=actor("Ama"))
    else:
        edit.change(kofi.id, {"email": "away@example.com"}, by=actor("Kwame"))
    assert (is_waiting(seq), is_sound()) == (True, True)


def is_waiting(seq):
    listed = seq in {one.seq for one in listing.entries(Which.WAITING, limit=10)}
    assert get_entry(seq).waits(clock.now()) == listed
    return listed


def test_a_mark_goes_along_with_a_merge(staffed):
    one, other = add(), add(first_name="Kojo", email="kojo@example.com", phone=None)
    marked(other, "review")
    merged(one, other)
    assert set(answers(one).values()) == {"review"}
    assert is_sound()
