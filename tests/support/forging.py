"""What somebody with the history key can do besides: seal the past anew, and make its log."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from sqlalchemy import select, update

from webapp.history import log
from webapp.history.entries import (
    FIRST_SEAL,
    HistoryEntry,
    HistoryValues,
    entry_seal,
    values_digest,
)
from webapp.history.log import KEY
from webapp.kernel.database import db

Sql = Callable[..., Any]
_entry, _values = HistoryEntry.__table__, HistoryValues.__table__


def take_back(sql: Sql, subject: str, seq: int, *, after: int = 0) -> None:
    """Remove the entries of a chain that have a higher number."""
    for table in ("history_values", "history_entry"):
        sql(
            f"DELETE FROM {table} WHERE subject = :subject AND subject_seq = :seq"
            " AND number > :after",
            subject=subject,
            seq=seq,
            after=after,
        )


def alter(subject: str, seq: int, number: int, /, **new: Any) -> None:
    """Have an entry say that other values were new, with a digest of them."""
    key = (subject, seq, number)
    values = db.session.execute(select(_values).where(_is(_values, key))).one()
    changed = dict(values.new) | new
    digest = values_digest(values.salt, values.old, changed)
    db.session.execute(update(_values).where(_is(_values, key)).values(new=changed))
    db.session.execute(update(_entry).where(_is(_entry, key)).values(digest=digest))


def forge(sql: Sql) -> None:
    """Seal every chain anew, and make a log of all entries in the order that they had."""
    _seal()
    connection = db.session.connection()
    order = {
        tuple(row[1:]): row.event
        for row in sql("SELECT event, subject, subject_seq, number FROM log_leaf")
    }
    for table in ("log_leaf", "log_node", "log_pending"):
        sql(f"DELETE FROM {table}")
    entries = [dict(row) for row in connection.execute(select(_entry)).mappings()]
    entries.sort(key=lambda entry: order[tuple(entry[name] for name in KEY)])
    log.extend(connection, [log.leaf_of(entry) for entry in entries])


def _seal() -> None:
    every = select(_entry).order_by(*(_entry.c[name] for name in KEY))
    rows = [dict(row) for row in db.session.execute(every).mappings()]
    for _, chain in groupby(rows, key=lambda row: (row["subject"], row["subject_seq"])):
        seal = FIRST_SEAL
        for row in chain:
            del row["seal"]
            seal = entry_seal(row, seal)
            key = tuple(row[name] for name in KEY)
            db.session.execute(update(_entry).where(_is(_entry, key)).values(seal=seal))


def _is(table: Any, key: tuple[Any, ...]) -> Any:
    conditions = [table.c[name] == value for name, value in zip(KEY, key, strict=True)]
    return conditions[0] & conditions[1] & conditions[2]
