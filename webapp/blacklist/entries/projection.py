"""Keeps the keys of entries, and the customers who match them, in step with both."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select

from webapp.blacklist.entries.matching import customers_about, entries_about
from webapp.blacklist.entries.models import BlacklistEntry, EntryKey, EntryMatch, Level
from webapp.blacklist.entries.values import EntryValue, ValueKind, value_of
from webapp.customers.models import DETAILS, Customer
from webapp.history.changes import Change, Projection
from webapp.history.entries import Subject
from webapp.kernel import clock
from webapp.kernel.database import db

# So many customers of an entry are kept, newest first; nobody looks at more one by one.
MOST_MATCHES = 1_000


class EntryMatches(Projection):
    """Keeps `EntryKey` and `EntryMatch`."""

    def follow(self, change: Change[Any]) -> None:
        if isinstance(change.row, BlacklistEntry):
            _follow_entry(change)
        elif isinstance(change.row, Customer) and change.after and change.altered(*DETAILS):
            _follow_customer(change)

    def forget(self, subject: Subject) -> None:
        db.session.execute(delete(EntryMatch).where(EntryMatch.customer_seq == subject.seq))

    def faults(self) -> Iterator[str]:
        for entry in db.session.scalars(select(BlacklistEntry).order_by(BlacklistEntry.seq)):
            if _keys_of(entry) != set(value_of(entry.kind, entry.value).keys):
                yield f"the keys of entry {entry.seq} are not those of its value"

    def rebuild(self) -> None:
        for table in (EntryMatch, EntryKey):
            db.session.execute(delete(table))
        for entry in db.session.scalars(select(BlacklistEntry).order_by(BlacklistEntry.seq)).all():
            _add_keys(entry)
            if entry.closed_at is None:
                _add_matches(entry)


def _follow_entry(change: Change[BlacklistEntry]) -> None:
    entry = change.row
    if change.is_new:
        _add_keys(entry)
        _add_matches(entry)
    elif entry.closed_at:
        db.session.execute(delete(EntryMatch).where(EntryMatch.entry_seq == entry.seq))


def _add_keys(entry: BlacklistEntry) -> None:
    value = value_of(entry.kind, entry.value)
    rows = [{"kind": entry.kind, "key": key, "entry_seq": entry.seq} for key in value.keys]
    db.session.execute(insert(cast(Table, EntryKey.__table__)), rows)


def _keys_of(entry: BlacklistEntry) -> set[str]:
    return set(db.session.scalars(select(EntryKey.key).where(EntryKey.entry_seq == entry.seq)))


def _add_matches(entry: BlacklistEntry) -> None:
    if entry.level == Level.ALLOW:
        return
    value = EntryValue(ValueKind(entry.kind), entry.value, tuple(sorted(_keys_of(entry))))
    _insert((one.seq, entry.seq) for one in customers_about(value, limit=MOST_MATCHES))


def _insert(pairs: Iterator[tuple[int, int]]) -> None:
    rows = [
        {"customer_seq": customer, "entry_seq": entry, "found_at": clock.now()}
        for customer, entry in pairs
    ]
    if rows:
        db.session.execute(insert(cast(Table, EntryMatch.__table__)), rows)


def _follow_customer(change: Change[Customer]) -> None:
    seq = change.subject.seq
    if not change.is_new:
        db.session.execute(delete(EntryMatch).where(EntryMatch.customer_seq == seq))
    entries: Sequence[BlacklistEntry] = entries_about([[change.row.details]])[0]
    _insert((seq, one.seq) for one in entries if one.level != Level.ALLOW)
