"""Entries of the blacklist: who may decide in which state, and what their history tells."""

from datetime import timedelta
from itertools import product

import pytest

from tests.blacklist.test_entries import entry, kept
from tests.support.cast import actor
from tests.support.histories import faults_in_histories
from webapp.blacklist.entries import listing, opening, reviewing
from webapp.blacklist.entries.changes import get_entry
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db
from webapp.kernel.refusals import Refusal
from webapp.programs import api_keys

pytestmark = pytest.mark.usefixtures("staffed")


DEEDS = {
    "undo": lambda seq, by: opening.undo(seq, by=by),
    "ask": lambda seq, by: opening.ask_for_removal(seq, note="Hers.", by=by),
    "keep": lambda seq, by: reviewing.keep(seq, by=by),
    "remove": lambda seq, by: reviewing.remove(seq, note="No.", by=by),
    "end": lambda seq, by: reviewing.set_end(seq, "2090-01-01", note="New facts.", by=by),
}
STATES = ("fresh", "waiting", "kept", "asked", "ended", "removed")


def in_state(state, level, by, the_clock):
    raw = {"kind": "email", "value": f"{state}.{level}@x.example", "level": level, "note": "Why."}
    raw |= {} if level == "allow" else {"reason": "fraud"}
    if state == "ended":
        raw["until"] = in_iso(the_clock.now() + timedelta(minutes=1))
    one = opening.add_entry(raw, by=by).entry
    if state != "fresh":
        the_clock.forward(minutes=11)
    if state in ("kept", "asked"):
        kept(one, by="Adwoa")
    if state == "asked":
        the_clock.forward(minutes=1)
        opening.ask_for_removal(one.seq, note="Hers.", by=actor("Kwame"))
    if state == "removed":
        reviewing.remove(one.seq, note="No.", by=actor("Adwoa"))
    return one


def is_done(deed, seq, by):
    """Whether somebody could do this."""
    before = get_entry(seq).version
    try:
        DEEDS[deed](seq, by)
    except Refusal:
        db.session.rollback()
    return get_entry(seq).version > before


def is_allowed(deed, own, level, state):
    """The rules, written a second time."""
    if state in ("ended", "removed"):
        return False
    if deed == "undo":
        return own == "own" and state == "fresh"
    if deed == "ask":
        return state != "asked"
    if deed == "remove" and level == "allow":
        return True
    return own == "other" and (deed != "keep" or state != "kept")


@pytest.mark.parametrize("level", ["deny", "review", "allow"])
def test_who_may_do_what_in_which_state(standing_clock, the_clock, level):
    ama = actor("Ama")
    key = api_keys.create_key(name="Shop", scopes=["blacklist"], by=ama)[0]
    shop = api_keys.actor_of(key, request_id=None)
    tried = 0
    for state, deed, opener in product(STATES, DEEDS, ("Ama", "key of Ama", "Esi")):
        by = {"Ama": ama, "key of Ama": shop, "Esi": actor("Esi")}[opener]
        one = in_state(state, level, by, the_clock)
        own = "own" if opener == "Ama" else "owned" if opener == "key of Ama" else "other"
        happened = is_done(deed, one.seq, ama)
        assert happened is is_allowed(deed, own, level, state), (state, deed, opener)
        if get_entry(one.seq).counts(clock.now()) or get_entry(one.seq).waits(clock.now()):
            reviewing.remove(one.seq, note="Next.", by=actor("Adwoa"))
        tried += 1
    assert tried == len(STATES) * len(DEEDS) * 3


def test_a_program_undoes_its_own_entries_only(standing_clock, the_clock):
    key = api_keys.create_key(name="Shop", scopes=["blacklist"], by=actor("Ama"))[0]
    shop = api_keys.actor_of(key, request_id=None)
    raw = {"kind": "email", "value": "bad@example.com", "level": "deny", "reason": "fraud"}
    with pytest.raises(Refusal) as refusal:
        opening.undo(entry("email", "b@example.com").seq, by=shop)
    assert refusal.value.code == "not_yours"
    assert opening.undo(opening.add_entry(raw, by=shop).entry.seq, by=shop).outcome == "undone"
    again = opening.add_entry(raw, by=shop).entry
    the_clock.forward(minutes=11)
    with pytest.raises(Refusal) as refusal:
        opening.undo(again.seq, by=shop)
    assert refusal.value.code == "too_late"


def test_rows_are_as_the_history_says_at_every_step(the_clock):
    """The clock runs: what an entry says of its times comes from one moment."""
    for number in range(40):
        one = entry("email", f"x{number}@example.com", until="2090-01-01 08:00")
        if number % 4 == 1:
            kept(one)
        if number % 4 == 2:
            opening.ask_for_removal(one.seq, note="Hers.", by=actor("Esi"))
            reviewing.set_end(one.seq, "", note="New facts.", by=actor("Ama"))
        if number % 4 == 3:
            reviewing.remove(one.seq, note="No.", by=actor("Ama"))
    assert list(faults_in_histories()) == []


def test_a_list_shows_entries_as_they_were(standing_clock, the_clock):
    one = entry("email", "bad@example.com", until="2090-01-01 08:00")
    then = the_clock.now()
    the_clock.forward(minutes=20)
    kept(one)
    reviewing.set_end(one.seq, "2080-01-01 08:00", note="New facts.", by=actor("Ama"))
    reviewing.remove(one.seq, note="No.", by=actor("Ama"))
    (shown,) = listing.entries(limit=9, at=then)
    assert (shown.state(then), shown.until.year, shown.outcome) == ("waiting", 2090, None)
    assert listing.entries(limit=9) == []
    assert [row.seq for row in listing.entries(listing.Which.ENDED, limit=9)] == [one.seq]
