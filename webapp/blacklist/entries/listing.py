"""Lists of entries: what stands, waits or has ended, now or at an earlier moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from webapp.blacklist.entries.models import BlacklistEntry, EntryMatch, Level
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import db


class Which(StrEnum):
    """Which entries a list shows; `MATCHES` are the customers who match them."""

    LIVE = "live"
    WAITING = "waiting"
    MATCHES = "matches"
    ENDED = "ended"


def entries(
    which: Which = Which.LIVE, *, limit: int, before: int | None = None, at: datetime | None = None
) -> Sequence[BlacklistEntry]:
    """Entries, the newest first; those that wait, the oldest first.

    Args:
        before: Only entries that come after this number in the list.
        at: As of this moment; entries that were removed since are among those that stood.
    """
    entry, now = BlacklistEntry, at or clock.now()
    query = select(entry).where(_is(which, now), entry.opened_at <= now)
    if before is not None:
        query = query.where(entry.seq > before if which is Which.WAITING else entry.seq < before)
    order = entry.seq if which is Which.WAITING else entry.seq.desc()
    return db.session.scalars(query.order_by(order).limit(limit)).all()


def _is(which: Which, now: datetime) -> ColumnElement[bool]:
    entry = BlacklistEntry
    stood = or_(entry.closed_at.is_(None), entry.closed_at > now)
    has_no_end_yet = or_(entry.until.is_(None), entry.until > now)
    if which is Which.WAITING:
        return entry.waiting(now)
    return stood & has_no_end_yet if which is Which.LIVE else ~(stood & has_no_end_yet)


def count_waiting(*, cap: int) -> int:
    """How many entries wait for a manager, counted up to a cap."""
    some = select(BlacklistEntry.seq).where(BlacklistEntry.waiting(clock.now())).limit(cap)
    return _count(some)


def count_live(*, at: datetime | None = None) -> Mapping[str, int]:
    """How many entries of each level stand, now or at an earlier moment."""
    now = at or clock.now()
    counted = (
        select(BlacklistEntry.level, func.count())
        .where(_is(Which.LIVE, now), BlacklistEntry.opened_at <= now)
        .group_by(BlacklistEntry.level)
    )
    numbers = {row[0]: row[1] for row in db.session.execute(counted)}
    return {level.value: numbers.get(level.value, 0) for level in Level}


def matched_by(entry: BlacklistEntry, *, limit: int) -> Sequence[Customer]:
    """The customers who match an entry, those in good standing first, then the newest."""
    query = select(Customer).join(EntryMatch, EntryMatch.customer_seq == Customer.seq)
    its_own = query.where(EntryMatch.entry_seq == entry.seq)
    good_first = its_own.order_by(Customer.blacklisted, Customer.seq.desc())
    return db.session.scalars(good_first.limit(limit)).all()


def count_matched(entry: BlacklistEntry) -> int:
    return _count(select(EntryMatch.customer_seq).where(EntryMatch.entry_seq == entry.seq))


def matches(*, limit: int, offset: int = 0) -> Sequence[tuple[Customer, BlacklistEntry]]:
    """Active customers who match an entry that denies or holds back: who was found last, first."""
    query = (
        select(Customer, BlacklistEntry)
        .join(EntryMatch, EntryMatch.customer_seq == Customer.seq)
        .join(BlacklistEntry, BlacklistEntry.seq == EntryMatch.entry_seq)
        .where(Customer.blacklisted.is_(False), BlacklistEntry.counting(clock.now()))
        .order_by(EntryMatch.found_at.desc(), Customer.seq.desc(), BlacklistEntry.seq)
    )
    rows = db.session.execute(query.limit(limit).offset(offset))
    return [(row[0], row[1]) for row in rows]


def _count(query: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
