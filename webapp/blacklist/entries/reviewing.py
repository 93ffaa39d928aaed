"""Decisions of managers about entries: keep, remove, or set when it ends; never of one's own."""

from datetime import datetime, timedelta, tzinfo
from typing import Any

from webapp.blacklist.entries.changes import changing_entry, close
from webapp.blacklist.entries.models import BlacklistEntry, Level, Outcome
from webapp.blacklist.entries.opening import EntryReviewed
from webapp.blacklist.four_eyes import refusal_to_decide
from webapp.blacklist.models import REVIEW_AFTER
from webapp.blacklist.reviewing.review import LOOK_AGAIN_AFTER, ChooseWhen
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.refusals import Conflict, refuse
from webapp.kernel.submission import read_note, read_reasoned_end

WHY_REMOVE = "Say why this entry is not needed"


def keep(
    seq: int, *, note: Any = "", look_again_after: int = REVIEW_AFTER.days, by: Actor
) -> BlacklistEntry:
    """Keep an entry that waits; one that allows counts from now on.

    Args:
        note: Up to 2,000 characters.
        look_again_after: In how many days it is due again; one of `LOOK_AGAIN_AFTER`.

    Raises:
        NotFound: `blacklist_entry_not_found`.
        Invalid: `invalid_details`, with problems on `note` and `look_again_after`.
        Conflict: `entry_closed`, `own_decision` or `reviewed`.
    """
    text = read_note(note)
    if look_again_after not in LOOK_AGAIN_AFTER:
        raise ChooseWhen({"look_again_after": ["Choose one of these"]})
    with changing_entry(seq, by=by) as change:
        entry = change.row
        refuse(refusal_to_keep(entry, by=by, now=clock.now()))
        entry.reviewed_at, entry.review_note = change.at, text
        entry.reviewed_by_id, entry.reviewed_by_name = by.id, by.name
        entry.review_by = change.at + timedelta(days=look_again_after)
        new = {"review_by": in_iso(entry.review_by)} | ({"note": text} if text else {})
        change.record("entry_kept", new=new)
        return entry


def refusal_to_keep(entry: BlacklistEntry, *, by: Actor, now: datetime) -> Conflict | None:
    """Why somebody may not keep this entry; `None` when they may."""
    own = refusal_to_decide(entry, by=by)
    if own or entry.waits(now):
        return own
    return EntryReviewed(by_name=entry.reviewed_by_name)


def remove(seq: int, *, note: Any, is_mistake: bool = False, by: Actor) -> BlacklistEntry:
    """Close an entry, as one that is no longer needed, or as a mistake.

    Args:
        note: Why, up to 2,000 characters; required.

    Raises:
        NotFound: `blacklist_entry_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `entry_closed` or `own_decision`.
    """
    text = read_note(note, missing=WHY_REMOVE)
    with changing_entry(seq, by=by) as change:
        if change.row.level != Level.ALLOW:  # without it, the guard is no weaker
            refuse(refusal_to_decide(change.row, by=by))
        return close(change, Outcome.OVERTURNED if is_mistake else Outcome.REMOVED, note=text)


def set_end(
    seq: int, until: Any, *, note: Any, zone: tzinfo | None = None, by: Actor
) -> BlacklistEntry:
    """Set when an entry ends, or that it has no end.

    Args:
        until: As for `read_until`.
        note: Why, up to 2,000 characters; required.

    Raises:
        NotFound: `blacklist_entry_not_found`.
        Invalid: `invalid_details`, with problems on `until` and `note`.
        Conflict: `entry_closed` or `own_decision`.
    """
    end, text = read_reasoned_end(until, zone, note)
    with changing_entry(seq, by=by) as change:
        entry = change.row
        refuse(refusal_to_decide(entry, by=by))
        if entry.until == end:
            return entry
        old, entry.until = entry.until, end
        before, after = (in_iso(one) if one else None for one in (old, end))
        change.record("entry_end_set", old={"until": before}, new={"until": after, "note": text})
        return entry
