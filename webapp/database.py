"""The database: the `db` handle, column types, naming of constraints, and how each engine is set up."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, ColumnElement, Integer, LargeBinary, MetaData, String, Uuid, event, func
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler, SQLiteDialect
from sqlalchemy.engine import Connection, Dialect, Engine, ExceptionContext
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql import FromClause
from sqlalchemy.types import TypeDecorator, TypeEngine

from webapp import clock

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# In ten million customers the inner pages of an index outgrow SQLite's own cache of 2 MB; each thread has one.
SQLITE_SET_UP = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    "secure_delete=ON",
    "cache_size=-10000",
)


class _Compiler(SQLiteCompiler):
    """Writes hints such as `INDEXED BY …`, which SQLAlchemy leaves out for SQLite."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002
        return text


SQLiteDialect.statement_compiler = _Compiler


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
    """Text that both engines compare and sort by code point, so that ranges and prefixes mean the same on each."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, stored as whole milliseconds since 1970 on both engines: exact, small and ordered."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else clock.to_milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else clock.from_milliseconds(value)


class Identifier(TypeDecorator[UUID]):
    """A UUID in sixteen bytes: PostgreSQL's own type, a BLOB on SQLite, where text would cost a fifth more space."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Uuid() if dialect.name == "postgresql" else LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:  # noqa: ARG002
        return UUID(bytes=value) if isinstance(value, bytes) else value


def contains(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a text in the database holds another, letter by letter.

    SQLite finds it in a third of the time that its LIKE takes; PostgreSQL has an index of trigrams for LIKE.
    """
    if db.engine.dialect.name == "sqlite":
        return func.instr(column, text) > 0
    return cast(ColumnElement[bool], column.contains(text, autoescape=True))


def engine_options(url: str) -> dict[str, Any]:
    """How SQLAlchemy's engine is made for this database.

    Errors do not quote the values of their statement, which are personal data. psycopg must not prepare statements:
    PostgreSQL then takes one plan for every search text, a thousand times slower.
    """
    options: dict[str, Any] = {"hide_parameters": True, "json_serializer": canonical_json}
    if url.startswith("sqlite"):
        return options | {"connect_args": {"timeout": 10}}
    connection = {"connect_timeout": 2, "prepare_threshold": None}
    return options | {"pool_pre_ping": True, "connect_args": connection}


def canonical_json(value: Any) -> str:
    """The one spelling of a value: keys sorted, no space, so that no byte of a stored text can change unnoticed."""
    return _canonical.encode(value)


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@contextmanager
def writing() -> Iterator[None]:
    """One short write transaction: ends the reading one, begins anew, commits at the end, rolls back on any error.

    On SQLite it begins IMMEDIATE, because a reading transaction that turns into a writing one is refused at once
    when somebody else wrote in between. Whatever was read before must be read again inside. Inside another one it
    is a part of it: what went wrong is taken back alone, and the outer one commits.
    """
    if db.session.info.get("writing"):
        with db.session.begin_nested():
            yield
        return
    db.session.rollback()
    db.session.connection(execution_options={"writes": True})
    db.session.info["writing"] = True
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        db.session.info["writing"] = False


def broken_constraint(error: IntegrityError) -> str:
    """The name of the constraint that refused a row, or on SQLite the `table.column` or index it names instead."""
    diagnosis = getattr(error.orig, "diag", None)
    return (diagnosis.constraint_name or "") if diagnosis else str(error.orig)


def is_away(error: BaseException | None) -> bool:
    """Whether an error means that the database cannot be reached or is too busy, so that trying later may help."""
    return isinstance(error, OperationalError) or _is_read_only(getattr(error, "orig", None))


def _is_read_only(error: BaseException | None) -> bool:
    """Whether PostgreSQL takes no writes here any more, because another server has taken over."""
    return getattr(error, "sqlstate", None) == "25006"


@event.listens_for(Engine, "handle_error")
def _leave_a_server_that_was_switched(context: ExceptionContext) -> None:
    if _is_read_only(context.original_exception):
        context.is_disconnect = True


@event.listens_for(Engine, "connect")
def _set_up_connection(connection: Any, record: Any) -> None:  # noqa: ARG001
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None  # the driver begins nothing by itself; `_begin` does
        for setting in SQLITE_SET_UP:
            connection.execute(f"PRAGMA {setting}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
