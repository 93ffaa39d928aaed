"""Keeps the keys of entries, and the customers who match them, in step with both."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select

from webapp.blacklist.entries.matching import customers_about, entries_about, merged_about
from webapp.blacklist.entries.models import BlacklistEntry, EntryKey, EntryMatch, Level
from webapp.blacklist.entries.values import value_of
from webapp.customers.merged import MergedCustomer, merged_into, survivor_of
from webapp.customers.models import DETAILS, Customer
from webapp.history.changes import Change, Projection
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.prepared import asked

KEPT_WITH = "SELECT entry_seq FROM entry_match WHERE customer_seq = :seq"
# What may make somebody match an entry, or stir one that watches them.
WATCHED = ("also_known", "blacklisted", *DETAILS)


class EntryMatches(Projection):
    """Keeps `EntryKey` and `EntryMatch`."""

    def follow(self, change: Change[Any]) -> None:
        if isinstance(change.row, BlacklistEntry):
            _follow_entry(change)
        elif isinstance(change.row, Customer) and change.altered(*WATCHED):
            _follow_customer(change)

    def faults(self) -> Iterator[str]:
        for entry in db.session.scalars(select(BlacklistEntry).order_by(BlacklistEntry.seq)):
            if _keys_of(entry) != set(value_of(entry.kind, entry.value).keys):
                yield f"the keys of entry {entry.seq} are not those of its value"
            if _matches_of(entry) != _customers_of(entry):
                yield f"the customers of entry {entry.seq} are not those who match it"

    def rebuild(self) -> None:
        for table in (EntryMatch, EntryKey):
            db.session.execute(delete(table))
        for entry in db.session.scalars(select(BlacklistEntry).order_by(BlacklistEntry.seq)).all():
            _add_keys(entry)
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
    _insert((seq, entry.seq) for seq in sorted(_customers_of(entry)))


def _matches_of(entry: BlacklistEntry) -> set[int]:
    its_own = select(EntryMatch.customer_seq).where(EntryMatch.entry_seq == entry.seq)
    return set(db.session.scalars(its_own))


def _customers_of(entry: BlacklistEntry) -> set[int]:
    """Who should be kept with an entry: while it is open, everybody whom it does not allow."""
    if entry.level == Level.ALLOW or entry.closed_at:
        return set()
    value = value_of(entry.kind, entry.value)
    also = (survivor_of(record) for record in merged_about(value))
    return {one.seq for one in (*customers_about(value, limit=None), *also)}


def _insert(pairs: Iterator[tuple[int, int]]) -> None:
    rows = [{"customer_seq": customer, "entry_seq": entry} for customer, entry in pairs]
    if rows:
        db.session.execute(insert(cast(Table, EntryMatch.__table__)), rows)


def _follow_customer(change: Change[Customer]) -> None:
    seq = change.subject.seq
    if not change.is_new:
        _let_go(change)
    if change.after:
        entries = _entries_of(change.row)
        _insert((seq, one.seq) for one in entries)
        _stir(entries, change)
    db.session.flush()


def _let_go(change: Change[Customer]) -> None:
    """Forget whom they matched before; in the driver's words, because most match nothing."""
    rows = asked(db.session.connection(), KEPT_WITH, seq=change.subject.seq)
    if rows:
        entries = select(BlacklistEntry).where(BlacklistEntry.seq.in_([row[0] for row in rows]))
        _stir(db.session.scalars(entries), change)
        theirs = EntryMatch.customer_seq == change.subject.seq
        db.session.execute(delete(EntryMatch).where(theirs))


def _stir(entries: Iterable[BlacklistEntry], change: Change[Customer]) -> None:
    """Who watches is told of a change, also of one by which somebody is no longer watched."""
    for one in entries:
        if one.level == Level.WATCH:
            one.stirred_at = change.at


def _entries_of(customer: Customer) -> list[BlacklistEntry]:
    """The open entries that a customer matches, also those that have come to their end."""
    known: list[Customer | MergedCustomer] = [customer, *merged_into(customer)]
    details, references = [one.details for one in known], [one.reference for one in known]
    entries = entries_about([details], [references], until_after=clock.EPOCH)[0]
    return [one for one in entries if one.level != Level.ALLOW]
