"""Adds the entries of before the log to it, in batches, so that people can work in between; an
interrupted run goes on where it stopped.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from sqlalchemy import Table, func, select, tuple_

from webapp.history import log
from webapp.history.book import find_fact, forget_fact, set_fact
from webapp.history.entries import HistoryEntry
from webapp.history.log import KEY, UNLOGGED, LogLeaf
from webapp.kernel.database import db, writing

BATCH = 500


def are_unlogged() -> bool:
    """Whether there may be entries that are not in the log."""
    return find_fact(UNLOGGED) is not None


def number_of_entries() -> int:
    return db.session.scalar(select(func.count()).select_from(HistoryEntry)) or 0


def add_unlogged(progress: Callable[[int], None]) -> None:
    """Add them all, each chain in its order.

    Args:
        progress: Called with the number of entries after each batch.
    """
    while (after := find_fact(UNLOGGED)) is not None:
        db.session.rollback()
        with writing():
            rows = _next_entries(after)
            _add([dict(row) for row in rows if not row["is_logged"]])
            if len(rows) == BATCH:
                set_fact(UNLOGGED, " ".join(str(rows[-1][name]) for name in KEY))
            else:
                forget_fact(UNLOGGED)
        progress(len(rows))


_entry, _leaf = cast(Table, HistoryEntry.__table__).c, cast(Table, LogLeaf.__table__).c


def _next_entries(after: str) -> Sequence[Any]:
    subject, seq, number = after.split() if after else ("", "0", "0")
    key = tuple_(*(_entry[name] for name in KEY))
    is_about = tuple_(*(_leaf[name] for name in KEY)) == key
    query = select(*_entry, _leaf.event.is_not(None).label("is_logged"))
    query = query.select_from(HistoryEntry.__table__).outerjoin(LogLeaf.__table__, is_about)
    later = query.where(key > (subject, int(seq), int(number))).order_by(*key.clauses)
    return db.session.execute(later.limit(BATCH)).mappings().all()


def _add(entries: Sequence[dict[str, Any]]) -> None:
    log.extend(db.session.connection(), [log.leaf_of(_plain(entry)) for entry in entries])


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "is_logged"}
