"""Lists of entries: what stands, waits or has ended, now or at an earlier moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import Select, func, not_, or_, select

from webapp.blacklist.entries import lists
from webapp.blacklist.entries.by_history import as_it_was
from webapp.blacklist.entries.lists import EntryList
from webapp.blacklist.entries.models import BlacklistEntry, EntryMatch, Level
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import db

MOST_LISTS = 50


class Which(StrEnum):
    """Which entries a list shows; `MATCHES` are the customers who match them."""

    LIVE = "live"
    WAITING = "waiting"
    MATCHES = "matches"
    ENDED = "ended"


def entries(
    which: Which = Which.LIVE,
    *,
    limit: int,
    before: int | None = None,
    at: datetime | None = None,
    list_seq: int | None = None,
) -> Sequence[BlacklistEntry]:
    """Entries, the newest first; those that wait, the oldest first.

    Args:
        before: Only entries that come after this number in the list.
        at: The entries that stood at this moment, as they were.
        list_seq: Only those of this list.
    """
    if at is not None:
        return _as_they_were(at, limit=limit, before=before)
    entry, now = BlacklistEntry, clock.now()
    conditions = {Which.WAITING: entry.waiting(now), Which.ENDED: not_(entry.live(now))}
    query = select(entry).where(conditions.get(which, entry.live(now)))
    if list_seq is not None:
        query = query.where(entry.list_seq == list_seq)
    if before is not None:
        query = query.where(entry.seq > before if which is Which.WAITING else entry.seq < before)
    order = entry.seq if which is Which.WAITING else entry.seq.desc()
    return db.session.scalars(query.order_by(order).limit(limit)).all()


def _as_they_were(at: datetime, *, limit: int, before: int | None) -> Sequence[BlacklistEntry]:
    """The entries that stood at a moment, as their histories tell of them; copies that belong to no
    session.
    """
    entry = BlacklistEntry
    stood = (entry.opened_at <= at) & or_(entry.closed_at.is_(None), entry.closed_at > at)
    query = select(entry).where(stood).order_by(entry.seq.desc())
    if before is not None:
        query = query.where(entry.seq < before)
    then = (as_it_was(one, at) for one in db.session.scalars(query))
    return list(islice((one for one in then if not one.has_ended(at)), limit))


def count_waiting(*, cap: int) -> int:
    """How many entries and lists of them wait for a manager, counted up to a cap."""
    some = select(BlacklistEntry.seq).where(BlacklistEntry.waiting(clock.now())).limit(cap)
    return min(cap, _count(some) + _count(lists.waiting(clock.now()).limit(cap)))


def waiting_lists() -> Sequence[EntryList]:
    """The lists that wait for a manager, the oldest first."""
    return db.session.scalars(lists.waiting(clock.now()).limit(MOST_LISTS)).all()


def count_live() -> Mapping[str, int]:
    """How many entries of each level stand."""
    counted = select(BlacklistEntry.level, func.count()).where(BlacklistEntry.live(clock.now()))
    counted = counted.group_by(BlacklistEntry.level)
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
    """Active customers who match an entry that denies or holds back: of the newest entry first."""
    query = (
        select(Customer, BlacklistEntry)
        .join(EntryMatch, EntryMatch.customer_seq == Customer.seq)
        .join(BlacklistEntry, BlacklistEntry.seq == EntryMatch.entry_seq)
        .where(Customer.blacklisted.is_(False), BlacklistEntry.counting(clock.now()))
        .order_by(EntryMatch.entry_seq.desc(), EntryMatch.customer_seq.desc())
    )
    rows = db.session.execute(query.limit(limit).offset(offset))
    return [(row[0], row[1]) for row in rows]


def _count(query: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
