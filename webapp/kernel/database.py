"""The database: the `db` handle, column types, naming of constraints, and transactions."""

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
    """Text that both engines compare and sort by code point,
    so that ranges and prefixes mean the same on each.
    """
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, stored as whole milliseconds since
    1970 on both engines: exact, small and ordered.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else clock.to_milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else clock.from_milliseconds(value)


class Identifier(TypeDecorator[UUID]):
    """A UUID in sixteen bytes: PostgreSQL's own type,
    a BLOB on SQLite, where text would cost a fifth more space.
    """

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Uuid() if dialect.name == "postgresql" else LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:  # noqa: ARG002
        return UUID(bytes=value) if isinstance(value, bytes) else value


def canonical_json(value: Any) -> str:
    """The one spelling of a value: keys sorted, no space,
    so that no byte of a stored text can change unnoticed.
    """
    return _canonical.encode(value)


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Busy(Exception):
    """Somebody else has held the book for too long; nothing was done, and later it will work."""


@dataclass
class Patience:
    """How this process waits for its turn to write.

    Attributes:
        seconds: How long a writer waits for others before it gives up.
        permits: How many threads may write or wait for it at once, so that one is left for those
            who read; none in commands and tests, which have nobody to serve meanwhile.
        is_jammed: Somebody has waited for a permit in vain since the last one came back; then
            nobody else does.
    """

    seconds: float = 10.0
    permits: BoundedSemaphore | None = None
    is_jammed: bool = False


PERMIT_WITHIN = 0.5
BRIEFLY = 0.05
patience = Patience()


def serve_readers_first(*, threads: int, seconds: float) -> None:
    """For a server: writers give up after so long, and never take its last thread."""
    patience.seconds, patience.permits = seconds, BoundedSemaphore(max(1, threads - 1))


@contextmanager
def writing(*, wait: float | None = None) -> Iterator[None]:
    """One short write transaction: ends the reading one,
    begins anew, commits at the end, rolls back on any error.

    On SQLite it begins IMMEDIATE, because a reading transaction that turns into a writing one is
    refused at once when somebody else wrote in between. Whatever was read before must be read again
    inside. Inside another one it is a part of it: what went wrong is taken back alone, and the
    outer one commits.

    Args:
        wait: Seconds for which to wait for others, if not as long as this process usually does.

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
    """Do what only notes something (seen, used,
    a limit) in a write transaction of its own, unless others are writing.

    Who reads never waits for whoever writes.
    """
    try:
        with writing(wait=BRIEFLY):
            return work()
    except (Busy, OperationalError):
        db.session.rollback()
        return None
