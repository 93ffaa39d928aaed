"""Keeps what is derived from customers in step with them, in the transaction of each write; checks and rebuilds it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, event, inspect, literal_column, select, update
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from webapp.blacklist.models import WAITS_FROM, Blacklisting
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import Moment, db, writing
from webapp.kernel.dialects import is_embedded
from webapp.search import fts5, page_counts
from webapp.search.page_counts import Entry

_ADDED = "INSERT INTO customer_search (rowid, search) VALUES (?, ?)"
_REMOVED = "INSERT INTO customer_search (customer_search, rowid, search) VALUES ('delete', ?, ?)"
# FTS5 by itself merges its segments in steps of 384 pages, which hold up one write in sixty for 50 ms and more. Here
# `automerge` is off, and one write in sixteen merges a few: still more than writes add, and lower levels come first.
_MERGED = "INSERT INTO customer_search (customer_search, rank) VALUES ('merge', 32)"
WRITES_TO_A_MERGE = 16
_AUTOMERGE = "INSERT INTO customer_search (customer_search, rank) VALUES ('automerge', ?)"
FTS5_DEFAULT_AUTOMERGE = 4


def has_model(name: str | None, kind: str, parents: Any) -> bool:  # noqa: ARG001
    """Whether Alembic compares what has this name with the models: our own tables on SQLite have none."""
    return kind != "table" or not (name or "").startswith(("customer_search", "page_block"))


def is_for_this_engine(item: Any, name: str | None, kind: str, *_: Any) -> bool:  # noqa: ARG001
    """Whether Alembic compares an index with the database: on SQLite none that PostgreSQL alone has."""
    return kind != "index" or not item.dialect_kwargs.get("postgresql_using") or not is_embedded()


@event.listens_for(Session, "before_flush")
def _follow_cases(session: Session, *_: Any) -> None:
    """A customer waits for review as their open case does."""
    for case in [one for one in {*session.new, *session.dirty} if isinstance(one, Blacklisting)]:
        customer = session.get(Customer, case.customer_seq)
        closed_another = customer and customer.blacklisted and case.closed_at is not None
        if customer and not closed_another and customer.waits_from != case.waits_from:
            customer.waits_from = case.waits_from


@event.listens_for(Session, "after_flush")
def _follow_customers(session: Session, *_: Any) -> None:
    """The search index and the counts change with the customers."""
    written = [one for one in {*session.new, *session.dirty, *session.deleted} if isinstance(one, Customer)]
    if not written or not is_embedded():
        return
    moves = []
    for customer in written:
        was = None if customer in session.new else _values_before(customer)
        now: dict[str, Any] | None = None if customer in session.deleted else {}
        if _search_anew(session.connection(), customer, was, now) and _merges(customer):
            session.connection().exec_driver_sql(_MERGED)
        moves.append((_entry(customer, was), _entry(customer, now)))
    page_counts.move(session.connection(), moves)


def _search_anew(
    connection: Connection, customer: Customer, was: dict[str, Any] | None, now: dict[str, Any] | None
) -> bool:
    """Whether the index had to change."""
    old, new = (None if values is None else _indexed(customer, values) for values in (was, now))
    if old == new:
        return False
    if old is not None:
        connection.exec_driver_sql(_REMOVED, (customer.seq, old))
    if new is not None:
        connection.exec_driver_sql(_ADDED, (customer.seq, new))
    return True


def _merges(customer: Customer) -> bool:
    return (customer.seq + customer.version) % WRITES_TO_A_MERGE == 0


def _values_before(customer: Customer) -> dict[str, Any]:
    changed = {attribute.key: attribute.history.deleted for attribute in inspect(customer).attrs}
    return {name: values[0] for name, values in changed.items() if values}


def _indexed(customer: Customer, was: dict[str, Any]) -> str:
    search, dial_code, blacklisted = (was.get(name, getattr(customer, name)) for name in _SEARCHED)
    return fts5.indexed(search, dial_code, blacklisted=blacklisted)


_SEARCHED = ("search", "dial_code", "blacklisted")


def _entry(customer: Customer, was: dict[str, Any] | None) -> Entry | None:
    if was is None:
        return None
    said = {name: was.get(name, getattr(customer, name)) for name in _COUNTED}
    keys = (clock.to_milliseconds(said["created_at"]), clock.to_milliseconds(said["updated_at"]), said["name_key"])
    return Entry(customer.seq, keys, said["dial_code"], said["blacklisted"])


_COUNTED = ("created_at", "updated_at", "name_key", "dial_code", "blacklisted")


def rebuild() -> None:
    """Derive everything anew, in the present write transaction."""
    connection = db.session.connection()
    for seq, waits_from in _wrong_waits():
        db.session.execute(update(Customer).where(Customer.seq == seq).values(waits_from=waits_from))
    if is_embedded():
        _rebuild_the_search_index(connection)
        page_counts.rebuild(connection)


def _rebuild_the_search_index(connection: Connection) -> None:
    """With merges on the way: without them every level is left nearly full, and one of the next writes merges all."""
    connection.exec_driver_sql(_AUTOMERGE, (FTS5_DEFAULT_AUTOMERGE,))
    connection.exec_driver_sql("INSERT INTO customer_search (customer_search) VALUES ('rebuild')")
    connection.exec_driver_sql(_AUTOMERGE, (0,))


def faults() -> Iterator[str]:
    """What is derived from customers and is not as they are, a sentence each; of the search index the first only.

    All but the search index is read as it stood at one moment; only that one needs a write transaction of its own.
    """
    for seq, _ in _wrong_waits():
        yield f"customer {seq} waits for review since another time than their case does"
    if is_embedded():
        yield from page_counts.faults(db.session.connection())
        with writing():
            yield from _faults_of_the_search_index(db.session.connection())


def _wrong_waits() -> list[Any]:
    waits_from: Any = literal_column(WAITS_FROM, Moment)
    is_open = (Blacklisting.customer_seq == Customer.seq) & Blacklisting.closed_at.is_(None)
    stands = select(Customer.seq, waits_from).outerjoin(Blacklisting, is_open)
    is_listed = Customer.waits_from.is_not(None)
    wrong = Customer.waits_from.is_distinct_from(waits_from) | Customer.blacklisted.is_distinct_from(is_listed)
    return list(db.session.execute(stands.where(Customer.blacklisted | is_listed, wrong)))


def _faults_of_the_search_index(connection: Connection) -> Iterator[str]:
    try:
        connection.exec_driver_sql("INSERT INTO customer_search (customer_search, rank) VALUES ('integrity-check', 1)")
    except OperationalError:
        raise
    except DatabaseError:
        yield "the search index does not hold what the customers say"
