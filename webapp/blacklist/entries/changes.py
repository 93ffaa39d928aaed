"""Entries as they change: lock one, close it; each change is in its history."""

from contextlib import AbstractContextManager

from sqlalchemy import select

from webapp.blacklist.entries.models import BlacklistEntry, Outcome
from webapp.history.changes import Change, changing
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict, NotFound


class NoSuchBlacklistEntry(NotFound):
    code = "blacklist_entry_not_found"
    sentence = "There is no such entry"


class EntryClosed(Conflict):
    code = "entry_closed"
    sentence = "{by_name} removed this entry already"
    meaning = "This entry was removed already, or has come to its end"


class EntryEnded(Conflict):
    code = "entry_closed"
    sentence = "This entry has come to its end"


def get_entry(seq: int) -> BlacklistEntry:
    """The entry with this number.

    Raises:
        NotFound: `blacklist_entry_not_found`.
    """
    entry = db.session.get(BlacklistEntry, seq)
    if entry is None:
        raise NoSuchBlacklistEntry
    return entry


def changing_entry(
    seq: int, *, by: Actor, may_have_ended: bool = False
) -> AbstractContextManager[Change[BlacklistEntry]]:
    """Change an entry that still stands.

    Args:
        may_have_ended: It may also have come to its end.

    Raises:
        NotFound: `blacklist_entry_not_found`.
        Conflict: `entry_closed`.
    """
    return changing(lambda: _locked(seq, may_have_ended=may_have_ended), by=by)


def _locked(seq: int, *, may_have_ended: bool) -> BlacklistEntry:
    query = select(BlacklistEntry).where(BlacklistEntry.seq == seq).with_for_update()
    entry = db.session.scalar(query.execution_options(populate_existing=True))
    if entry is None:
        raise NoSuchBlacklistEntry
    if entry.closed_at:
        raise EntryClosed(by_name=entry.closed_by_name)
    if entry.has_ended(clock.now()) and not may_have_ended:
        raise EntryEnded
    return entry


def close(change: Change[BlacklistEntry], outcome: Outcome, *, note: str = "") -> BlacklistEntry:
    """Close an entry as part of its change."""
    entry, by = change.row, change.by
    entry.closed_at, entry.outcome, entry.closed_note = change.at, outcome.value, note or None
    entry.closed_by_kind, entry.closed_by_id, entry.closed_by_name = by.kind, by.id, by.name
    change.record(f"entry_{outcome}", new={"note": note} if note else {})
    return entry
