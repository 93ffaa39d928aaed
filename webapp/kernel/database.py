"""The database: the `db` handle, column types, constraint names, and transactions."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Integer, LargeBinary, MetaData, String, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

from webapp.kernel import clock

T = TypeVar("T")
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

Sequence = BigInteger().with_variant(Integer, "sqlite")
"""An integer key that follows the order of creation; on SQLite it is the rowid."""


def byte_ordered(length: int) -> String:
    """Text that both engines compare and sort by code point, so that ranges and prefixes mean the
    same on both.
    """
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Moment(TypeDecorator[datetime]):
    """A UTC time, stored on both engines as whole milliseconds since 1970: exact, small and
    sortable.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else clock.to_milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else clock.from_milliseconds(value)


class Identifier(TypeDecorator[UUID]):
    """A UUID in sixteen bytes: the native type on PostgreSQL, a BLOB on SQLite, where text would
    take a fifth more space.
    """

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Uuid() if dialect.name == "postgresql" else LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:  # noqa: ARG002
        return self.read(value)

    @staticmethod
    def read(value: bytes | UUID | None) -> UUID | None:
        """A UUID from what a driver returns."""
        return UUID(bytes=value) if isinstance(value, bytes) else value


def canonical_json(value: Any) -> str:
    """The canonical JSON of a value, keys sorted and no whitespace, so that no byte of a stored
    text can change unnoticed.
    """
    return _canonical.encode(value)


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Busy(Exception):
    """Others have held the book for too long. Nothing was done; trying again later will work."""


@dataclass
class Patience:
    """How this process waits for its turn to write.

    Attributes:
        seconds: How long a writer waits for others before it gives up.
        permits: How many threads may write, or wait to write, at once, so that one is always left
            for readers. `None` in commands and tests, which serve nobody meanwhile.
        is_jammed: A thread has waited for a permit in vain since the last one was returned; until
            the next is returned, other threads do not wait at all.
    """

    seconds: float = 10.0
    permits: BoundedSemaphore | None = None
    is_jammed: bool = False


PERMIT_WITHIN = 0.5
BRIEFLY = 0.05
patience = Patience()


def serve_readers_first(*, threads: int, seconds: float) -> None:
    """For servers: writers give up after `seconds`, and never take the last thread."""
    patience.seconds, patience.permits = seconds, BoundedSemaphore(max(1, threads - 1))


@contextmanager
def writing(*, wait: float | None = None) -> Iterator[None]:
    """One short write transaction. Ends the current read transaction, begins a new one, commits at
    the end, and rolls back on any error.

    On SQLite it begins IMMEDIATE: a read transaction that is upgraded to a write fails at once if
    somebody else has written in between. Whatever was read before must be read again inside. When
    nested, it is a savepoint: an error rolls back the inner part alone, and the outer transaction
    commits.

    Args:
        wait: Seconds to wait for other writers; by default, as long as this process usually does.

    Raises:
        Busy: all threads that may write are waiting already.
    """
    if db.session.info.get("writing"):
        with db.session.begin_nested():
            yield
        return
    with _permit():
        db.session.rollback()
        db.session.connection(
            execution_options={"writes": patience.seconds if wait is None else wait}
        )
        db.session.info["writing"] = True
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            db.session.info["writing"] = False


@contextmanager
def _permit() -> Iterator[None]:
    if patience.permits is None:
        yield
        return
    if not patience.permits.acquire(timeout=0 if patience.is_jammed else PERMIT_WITHIN):
        patience.is_jammed = True
        raise Busy
    try:
        yield
    finally:
        patience.permits.release()
        patience.is_jammed = False


def write_if_free(work: Callable[[], T]) -> T | None:
    """Do minor bookkeeping (last seen, last used, a limit) in its own write transaction, or skip it
    if others are writing.

    Readers never wait for writers, and keep what they have read: the work has a session of its own,
    because a new transaction in theirs would make them read each row again.
    """
    if db.session.info.get("writing"):
        return _within(work)
    registry = db.session.registry
    readers = registry()
    registry.set(db.session.session_factory())
    try:
        return _within(work)
    finally:
        db.session.close()
        registry.set(readers)


def _within(work: Callable[[], T]) -> T | None:
    try:
        with writing(wait=BRIEFLY):
            return work()
    except (Busy, OperationalError):
        db.session.rollback()
        return None
