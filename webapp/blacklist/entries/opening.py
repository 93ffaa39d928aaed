"""Add an entry, undo it as whoever added it, or ask for its removal."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.blacklist.case import UNDO_FOR, first_review_by
from webapp.blacklist.entries.changes import changing_entry, close
from webapp.blacklist.entries.drafting import EntryDraft, draft
from webapp.blacklist.entries.models import BlacklistEntry, EntryKey, Outcome
from webapp.blacklist.entries.values import ValueKind, read_value
from webapp.customers.fields import Details
from webapp.history.changes import adding
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db, writing
from webapp.kernel.fields import refuse_past
from webapp.kernel.refusals import Conflict, InvalidDetails, refuse
from webapp.kernel.submission import read_note
from webapp.lookalikes.pairs import wait_for_all


class NotYourEntry(Conflict):
    code = "not_yours"
    sentence = "{by_name} added this entry; only they can undo it"
    meaning = "Somebody else added this entry"


class EntryReviewed(Conflict):
    code = "reviewed"
    sentence = "{by_name} has reviewed this entry; a manager can remove it"
    meaning = "A manager has kept this entry; only a manager removes it"


class TooLateToUndo(Conflict):
    code = "too_late"
    sentence = "Ten minutes have passed; a manager can remove this entry"


class RemovalAsked(Conflict):
    code = "lift_asked"
    sentence = "{by_name} has asked for this entry's removal already; a manager will decide"


@dataclass(frozen=True)
class EntryOpening:
    """What came of adding an entry.

    Attributes:
        is_new: Whether this call added it; otherwise somebody was first, and theirs stands.
    """

    entry: BlacklistEntry
    is_new: bool


def add_entry(raw: Mapping[str, Any], *, by: Actor, list_seq: int | None = None) -> EntryOpening:
    """Add an entry. What is denied or held back is so at once, and then waits for review by a
    manager who did not add it; what is allowed waits first.

    Args:
        raw: As for `draft`.
        list_seq: The list that brings it.

    Raises:
        Invalid: `invalid_details`, with all problems.
        Conflict: `too_wide`.
    """
    with writing():
        wait_for_customers([raw])
        made = draft(raw, by=by)
        there = _find_equal(made, list_seq)
        if there:
            return EntryOpening(there, is_new=False)
        with adding(lambda: _new_entry(made, by), by=by) as change:
            refuse_past(made.until, change.at)
            change.row.opened_at = change.row.updated_at = change.at
            change.row.review_by = first_review_by(change.at)
            change.row.list_seq = list_seq
            change.record("entry_added", new=_told(change.row))
        return EntryOpening(change.row, is_new=True)


def wait_for_customers(some: Iterable[Mapping[str, Any]]) -> None:
    """Wait for those who write these addresses, phones or domains, to see their result; at once
    for all entries that are added together, or two could wait for each other in a circle.
    """
    wait_for_all([details for raw in some for details in _details_of(raw)])


def _details_of(raw: Mapping[str, Any]) -> Iterator[Details]:
    with suppress(InvalidDetails):
        value = read_value(raw)
        places = {ValueKind.EMAIL: value.text, ValueKind.DOMAIN: f"any@{value.text}"}
        phone = value.text if value.kind is ValueKind.PHONE else None
        yield Details("", "", places.get(value.kind, ""), phone)


def _find_equal(made: EntryDraft, list_seq: int | None) -> BlacklistEntry | None:
    """The entry that stands for the same value, in any spelling, and does the same; for a list, of
    that list: what others added may end before it.
    """
    entry = BlacklistEntry
    its_own = select(EntryKey.entry_seq).where(
        EntryKey.kind == made.value.kind, EntryKey.key.in_(made.value.keys)
    )
    is_equal = entry.seq.in_(its_own) & (entry.level == made.level) & entry.live(clock.now())
    if list_seq is not None:
        is_equal &= entry.list_seq == list_seq
    return db.session.scalar(select(entry).where(is_equal).order_by(entry.seq))


def _new_entry(made: EntryDraft, by: Actor) -> BlacklistEntry:
    return BlacklistEntry(
        kind=made.value.kind.value,
        value=made.value.text,
        level=made.level.value,
        reason=made.reason,
        note=made.note,
        evidence=made.evidence,
        until=made.until,
        opened_by_kind=by.kind,
        opened_by_id=by.id,
        opened_by_name=by.name,
        accountable_id=by.accountable_id,
        version=1,
    )


def _told(entry: BlacklistEntry) -> dict[str, Any]:
    always = {name: getattr(entry, name) for name in ("kind", "value", "level", "accountable_id")}
    optional = {
        "reason": entry.reason,
        "note": entry.note,
        "evidence": entry.evidence,
        "until": in_iso(entry.until) if entry.until else None,
        "list": entry.list_seq,
    }
    return always | {name: value for name, value in optional.items() if value}


def undo(seq: int, *, by: Actor) -> BlacklistEntry:
    """Undo an entry that one added oneself, within ten minutes and before any review.

    Raises:
        NotFound: `blacklist_entry_not_found`.
        Conflict: `entry_closed`, `not_yours`, `reviewed` or `too_late`.
    """
    with changing_entry(seq, by=by) as change:
        refuse(refusal_to_undo(change.row, by=by, now=clock.now()))
        return close(change, Outcome.UNDONE)


def refusal_to_undo(entry: BlacklistEntry, *, by: Actor, now: datetime) -> Conflict | None:
    """Why somebody may not undo this entry; `None` when they may."""
    if by.id is None or (entry.opened_by_kind, entry.opened_by_id) != (by.kind, by.id):
        return NotYourEntry(by_name=entry.opened_by_name)
    if entry.reviewed_at:
        return EntryReviewed(by_name=entry.reviewed_by_name)
    return TooLateToUndo() if now - entry.opened_at > UNDO_FOR else None


def ask_for_removal(seq: int, *, note: Any, by: Actor) -> BlacklistEntry:
    """Ask the managers to remove an entry; it then waits for review, even if it was kept.

    Args:
        note: Why, up to 2,000 characters; required.

    Raises:
        NotFound: `blacklist_entry_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `entry_closed` or `lift_asked`.
    """
    text = read_note(note, missing="Say why it should be removed")
    with changing_entry(seq, by=by) as change:
        entry = change.row
        if entry.removal_is_asked:
            raise RemovalAsked(by_name=entry.removal_asked_by_name)
        entry.removal_asked_at, entry.removal_reason = change.at, text
        entry.removal_asked_by_id, entry.removal_asked_by_name = by.id, by.name
        change.record("entry_removal_asked", new={"note": text})
        return entry
