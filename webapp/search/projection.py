"""Keeps the page counts, and on SQLite the search index, in step with the customers."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, OperationalError

from webapp.customers.models import Customer
from webapp.history.changes import Change, Projection, Values
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.dialects import is_sqlite
from webapp.search import fts5
from webapp.search.paging import page_blocks, page_moves
from webapp.search.paging.page_moves import Entry

_ADDED = "INSERT INTO customer_search (rowid, search) VALUES (?, ?)"
_REMOVED = "INSERT INTO customer_search (customer_search, rowid, search) VALUES ('delete', ?, ?)"
# By default FTS5 merges its segments in steps of 384 pages, which delays one write in sixty by 50
# ms or more. So `automerge` is off, and one write in sixteen merges a few pages, lower levels
# first: still more than writes add.
_MERGED = "INSERT INTO customer_search (customer_search, rank) VALUES ('merge', 32)"
WRITES_TO_A_MERGE = 16
WRITES_TO_A_SUM = 64
_AUTOMERGE = "INSERT INTO customer_search (customer_search, rank) VALUES ('automerge', ?)"
FTS5_DEFAULT_AUTOMERGE = 4


def has_model(name: str | None, kind: str, parents: Any) -> bool:  # noqa: ARG001
    """Whether Alembic compares the object of this name with the models: the search index on SQLite
    and the moves on PostgreSQL have no model.
    """
    return kind != "table" or not (name or "").startswith(("customer_search", "page_move"))


def is_for_this_engine(item: Any, name: str | None, kind: str, *_: Any) -> bool:  # noqa: ARG001
    """Whether Alembic compares an index with the database: on SQLite, PostgreSQL's are skipped."""
    return kind != "index" or not item.dialect_kwargs.get("postgresql_using") or not is_sqlite()


class SearchIndex(Projection):
    """Keeps SQLite's full-text index equal to the customers' searchable text and marks."""

    def follow(self, change: Change[Any]) -> None:
        if not isinstance(change.row, Customer) or not is_sqlite():
            return
        old, new = (
            None if values is None else _indexed(values) for values in (change.before, change.after)
        )
        if old == new:
            return
        connection, seq = db.session.connection(), change.subject.seq
        if old is not None:
            connection.exec_driver_sql(_REMOVED, (seq, old))
        if new is not None:
            connection.exec_driver_sql(_ADDED, (seq, new))
        if (seq + change.row.version) % WRITES_TO_A_MERGE == 0:
            connection.exec_driver_sql(_MERGED)

    def faults(self) -> Iterator[str]:
        """At most one fault; the check needs a write transaction of its own."""
        if is_sqlite():
            with writing():
                yield from _faults_of_the_search_index(db.session.connection())

    def rebuild(self) -> None:
        if is_sqlite():
            _rebuild_the_search_index(db.session.connection())


def _indexed(values: Values) -> str:
    return fts5.indexed(values["search"], values["dial_code"], blacklisted=values["blacklisted"])


class PageCounts(Projection):
    """Keeps the number of customers in each block of each order."""

    def follow(self, change: Change[Any]) -> None:
        if change.subject.kind != "customer":
            return
        connection = db.session.connection()
        if isinstance(change.row, Customer):  # and not a record that was merged into another
            page_moves.move(connection, _entry(change.before), _entry(change.after))
        if change.kind == "deleted":
            page_moves.erase_name(connection, change.subject.seq)
        elif (change.subject.seq + change.row.version) % WRITES_TO_A_SUM == 0:
            page_moves.add_up(connection)

    def faults(self) -> Iterator[str]:
        yield from page_blocks.faults(db.session.connection())

    def rebuild(self) -> None:
        page_blocks.rebuild(db.session.connection())


def _entry(values: Values | None) -> Entry | None:
    if values is None:
        return None
    times = (clock.to_milliseconds(values[name]) for name in ("created_at", "updated_at"))
    return Entry(
        values["seq"], (*times, values["name_key"]), values["dial_code"], values["blacklisted"]
    )


def _rebuild_the_search_index(connection: Connection) -> None:
    """Rebuild with `automerge` on: otherwise every level is left nearly full, and one of the next
    writes has to merge them all.
    """
    connection.exec_driver_sql(_AUTOMERGE, (FTS5_DEFAULT_AUTOMERGE,))
    connection.exec_driver_sql("INSERT INTO customer_search (customer_search) VALUES ('rebuild')")
    connection.exec_driver_sql(_AUTOMERGE, (0,))


def _faults_of_the_search_index(connection: Connection) -> Iterator[str]:
    try:
        connection.exec_driver_sql(
            "INSERT INTO customer_search (customer_search, rank) VALUES ('integrity-check', 1)"
        )
    except OperationalError:
        raise
    except DatabaseError:
        yield "the search index does not hold what the customers say"
