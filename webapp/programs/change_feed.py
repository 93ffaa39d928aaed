"""The feed of changes: what happened to customers, for programs that follow the book.

The history is the feed. Its log numbers every entry once it is committed, one number after the
other (`history.log`), so whoever has read up to a number never misses an earlier one, nor reads one
twice. What a change was is told thinly: of which kind, and which details it touched; their values
are read from the customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, exists, func, select

from webapp.customers.merged import MergedCustomer
from webapp.customers.models import DETAILS, Customer, Tombstone
from webapp.history import log
from webapp.history.entries import HistoryEntry
from webapp.history.log import LogLeaf, PendingLeaf
from webapp.kernel.database import db
from webapp.kernel.prepared import Prepared
from webapp.kernel.refusals import InvalidQuery

MAX_TAKEN = 500
# What a change was, by the kind of its entry; all other kinds touch nothing that programs see.
TYPES = {
    "created": "customer.created",
    "changed": "customer.changed",
    "changed_on_blacklist": "customer.changed",
    "merged": "customer.merged",
    "merged_into": "customer.merged_into",
    "merge_undone": "customer.unmerged",
    "came_back": "customer.came_back",
    "deleted": "customer.deleted",
    "blacklisted": "blacklist.added",
    "reopened": "blacklist.added",
    "undone": "blacklist.removed",
    "overturned": "blacklist.removed",
    "lifted": "blacklist.removed",
    "ended": "blacklist.removed",
    "upheld": "blacklist.reviewed",
    "review_undone": "blacklist.reviewed",
    "removal_agreed": "blacklist.reviewed",
    "lift_asked": "blacklist.removal_asked",
    "end_set": "blacklist.changed",
}
OTHER = "customer.recorded"
ALL_TYPES = (*dict.fromkeys(TYPES.values()), OTHER)
TOUCHED = {*DETAILS, "blacklisted"}


@dataclass(frozen=True)
class ToldChange:
    """A change, as it is told.

    Attributes:
        event: Its number in the log, from 0.
        mark: The hash of its entry, by which it is known whatever its number.
        type: See `TYPES`.
        fields: The details that it touched.
        version: The customer's from then on.
        door: Through which it came: `page`, `api` or `command`.
    """

    event: int
    mark: bytes
    type: str
    customer_seq: int
    customer_id: UUID
    version: int
    fields: tuple[str, ...]
    at: datetime
    door: str


@dataclass(frozen=True)
class Stretch:
    """Some changes in the order of the log, and how far it was read to find them.

    Attributes:
        end: The event before which everything was read.
        has_more: Whether others are known already.
    """

    changes: Sequence[ToldChange]
    end: int
    has_more: bool


_leaf = cast(Table, LogLeaf.__table__).c
_entry = cast(Table, HistoryEntry.__table__).c
_merged = cast(Table, MergedCustomer.__table__).c
_gone = cast(Table, Tombstone.__table__).c
_customer = cast(Table, Customer.__table__).c
ENTRY_OF_LEAF = and_(
    _entry.subject == _leaf.subject,
    _entry.subject_seq == _leaf.subject_seq,
    _entry.number == _leaf.number,
)
_START, _END, _TAKE = (bindparam(name, type_=_leaf.event.type) for name in ("start", "end", "take"))
_FROM = Prepared(
    select(
        _leaf.event,
        _leaf.hash,
        _entry.kind,
        _entry.subject_seq,
        func.coalesce(_customer.id, _merged.id, _gone.customer_id).label("customer_id"),
        _entry.version,
        _entry.fields,
        _entry.at,
        _entry.door,
    )
    .join(
        cast(Table, HistoryEntry.__table__),
        ENTRY_OF_LEAF,
    )
    .outerjoin(cast(Table, Customer.__table__), _customer.seq == _leaf.subject_seq)
    .outerjoin(cast(Table, MergedCustomer.__table__), _merged.seq == _leaf.subject_seq)
    .outerjoin(cast(Table, Tombstone.__table__), _gone.customer_seq == _leaf.subject_seq)
    .where(_leaf.subject == "customer", _leaf.event >= _START, _leaf.event < _END)
    .order_by(_leaf.event)
    .limit(_TAKE)
)
_PENDING = Prepared(select(exists(select(PendingLeaf.id)).label("is_there")))


def end_of_feed() -> int:
    """The event before which everything can be read now; what was committed is in."""
    connection = db.session.connection()
    if _PENDING.first(connection).is_there:
        db.session.rollback()
        log.catch_up()
        connection = db.session.connection()
    return log.size_of(connection)


def changes_from(start: int, *, take: int) -> Stretch:
    """The changes of customers from an event on, oldest first.

    Args:
        take: At most so many, up to `MAX_TAKEN`.

    Raises:
        Invalid: `invalid_query`; the book has not come that far, as after a restored backup.
    """
    end = end_of_feed()
    if start > end:
        raise InvalidQuery(
            {"after": ["This book has not come that far; read the whole list again"]}
        )
    rows = _FROM.all(db.session.connection(), start=start, end=end, take=take + 1)
    shown, has_more = rows[:take], len(rows) > take
    return Stretch(
        [_told(row) for row in shown], shown[-1].event + 1 if has_more else end, has_more
    )


def _told(row: Any) -> ToldChange:
    return ToldChange(
        event=row.event,
        mark=bytes(row.hash),
        type=TYPES.get(row.kind, OTHER),
        customer_seq=row.subject_seq,
        customer_id=row.customer_id,
        version=row.version,
        fields=tuple(name for name in row.fields if name in TOUCHED),
        at=row.at,
        door=row.door,
    )
