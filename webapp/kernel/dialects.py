"""What SQLite and PostgreSQL do differently, each difference under a name, so that no other module
asks which one it is.

Column types and indexes stand with their tables; how lists are read in a large book is in
`webapp/search`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Engine, Text, event, func, select, text
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler, SQLiteDialect
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import FromClause
from sqlalchemy.sql.functions import FunctionElement

from webapp.kernel.database import Busy, canonical_json, db

# With ten million customers, the inner pages of an index outgrow SQLite's default cache of 2 MB,
# which each connection has for itself.
SQLITE_SET_UP = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    "secure_delete=ON",
    "cache_size=-10000",
)
STEPS = 200
CANCELLED, READ_ONLY, LOCK_NOT_AVAILABLE = "57014", "25006", "55P03"
DEADLOCKS = ("40P01", "40001")


def engine_options(url: str) -> dict[str, Any]:
    """Options for SQLAlchemy's engine for this database.

    Error messages do not quote the parameters of their statement, which are personal data. psycopg
    must not prepare statements: PostgreSQL would then use one generic plan for every search text, a
    thousand times slower.
    """
    options: dict[str, Any] = {"hide_parameters": True, "json_serializer": canonical_json}
    # No limit of its own: each thread has one connection, and a second one for bookkeeping.
    options |= {"max_overflow": -1}
    if url.startswith("sqlite"):
        return options | {"connect_args": {"timeout": 10}}
    connection = {"connect_timeout": 2, "prepare_threshold": None}
    return options | {"pool_pre_ping": True, "connect_args": connection}


class _Compiler(SQLiteCompiler):
    """Emits hints such as `INDEXED BY …`, which SQLAlchemy omits for SQLite."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002
        return text


SQLiteDialect.statement_compiler = _Compiler


@event.listens_for(Engine, "connect")
def _set_up_connection(connection: Any, record: Any) -> None:  # noqa: ARG001
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None  # autocommit: `_begin` starts transactions
        for setting in SQLITE_SET_UP:
            connection.execute(f"PRAGMA {setting}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    patience = connection.get_execution_options().get("writes")
    if not _is_sqlite(connection):
        if patience:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, int(patience * 1_000))}")
    elif patience:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(patience * 1_000)}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def is_sqlite() -> bool:
    """Whether the book is a local file with one writer at a time, and without the server's features
    for search.
    """
    return _is_sqlite(db.engine)


def has_several_writers(connection: Connection) -> bool:
    """Whether others may write in the middle of a write transaction."""
    return not _is_sqlite(connection)


def _is_sqlite(one: Engine | Connection) -> bool:
    return one.dialect.name == "sqlite"


def contains(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a text column contains another text, character by character.

    On SQLite `instr` takes a third of the time of LIKE; PostgreSQL has a trigram index for LIKE.
    """
    if is_sqlite():
        return func.instr(column, text) > 0
    return cast(ColumnElement[bool], column.contains(text, autoescape=True))


class id_digits(FunctionElement[str]):  # noqa: N801 - a function of SQL
    """The 32 hexadecimal digits of an `Identifier`, in lower case."""

    inherit_cache = True
    type = Text()


@compiles(id_digits)
def _digits_on_postgresql(element: id_digits, compiler: Any, **options: Any) -> str:
    return f"encode(uuid_send({compiler.process(element.clauses, **options)}), 'hex')"


@compiles(id_digits, "sqlite")
def _digits_on_sqlite(element: id_digits, compiler: Any, **options: Any) -> str:
    return f"lower(hex({compiler.process(element.clauses, **options)}))"


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for statements that each see the book as it is, without a transaction or a
    session around them; PostgreSQL is spared two round trips.
    """
    options = {} if is_sqlite() else {"isolation_level": "AUTOCOMMIT"}
    with db.engine.connect().execution_options(**options) as connection:
        yield connection


def advisory_lock(room: int, numbers: Iterable[int]) -> None:
    """Lock these numbers (signed 32-bit integers) in a namespace until the current transaction
    ends.

    They are locked in ascending order to prevent deadlocks. SQLite has one writer at a time anyway.
    """
    if not is_sqlite():
        db.session.execute(_LOCKS, {"room": room, "numbers": sorted(numbers)})


_LOCKS = text(
    "SELECT pg_advisory_xact_lock(:room, number) FROM unnest(cast(:numbers AS integer[])) AS number"
)


def try_advisory_lock(connection: Connection, number: int) -> bool:
    """Like `advisory_lock` for one signed 64-bit number, but without waiting; whether the lock was
    free.
    """
    return _is_sqlite(connection) or bool(
        connection.scalar(select(func.pg_try_advisory_xact_lock(number)))
    )


def wait_for_advisory_lock(connection: Connection, number: int) -> None:
    """The lock of `try_advisory_lock`, as soon as it is free."""
    if not _is_sqlite(connection):
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def snapshot() -> None:
    """Begin a transaction that sees no later writes; on SQLite none does."""
    if not is_sqlite() and not db.session().in_transaction():
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


@contextmanager
def any_bytes_readable() -> Iterator[None]:
    """Read damaged text too, with surrogates in place of invalid UTF-8; only SQLite can hold such
    text.
    """
    connection: Any = db.session.connection().connection.driver_connection
    if not is_sqlite():
        yield
        return
    connection.text_factory = lambda text: text.decode(errors="surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = str


def reset_sequence(connection: Connection, key: Any, last: int | None) -> None:
    """Set the sequence of a table's key past the last key that was ever in use: PostgreSQL does not
    notice keys that were inserted explicitly, and SQLite knows none of rows that are gone.
    """
    if last and _is_sqlite(connection) and key.table.dialect_options["sqlite"]["autoincrement"]:
        at = {"name": key.table.name, "last": last}
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), at)
        connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), at)
    if last and not _is_sqlite(connection):
        sequence = func.pg_get_serial_sequence(key.table.name, key.name)
        connection.execute(select(func.setval(sequence, last)))


@contextmanager
def statement_timeout(seconds: float) -> Iterator[None]:
    """Stop statements that are still running after so many seconds.

    Raises:
        TimeoutError: a statement was stopped, and the transaction was rolled back.
    """
    connection = db.session.connection()
    try:
        with (
            _watched(connection, seconds)
            if _is_sqlite(connection)
            else _limited(connection, seconds)
        ):
            yield
    except TimeoutError:
        db.session.rollback()
        raise


@contextmanager
def _watched(connection: Connection, seconds: float) -> Iterator[None]:
    """SQLite calls the handler every `STEPS` steps; it does not while it waits for the disk."""
    driver: Any = connection.connection.driver_connection
    until = monotonic() + seconds
    is_over = False

    def stop() -> bool:
        nonlocal is_over
        is_over = monotonic() > until
        return is_over

    driver.set_progress_handler(stop, STEPS)
    try:
        yield
    except OperationalError as error:
        if not is_over:
            raise
        raise TimeoutError from error
    finally:
        driver.set_progress_handler(None, 0)


@contextmanager
def _limited(connection: Connection, seconds: float) -> Iterator[None]:
    """PostgreSQL enforces the timeout itself."""
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(1, int(seconds * 1_000))}")
    try:
        yield
    except OperationalError as error:
        if _sqlstate(error) != CANCELLED:
            raise
        raise TimeoutError from error
    connection.exec_driver_sql("SET LOCAL statement_timeout = DEFAULT")


def broken_constraint(error: IntegrityError) -> str:
    """The name of the violated constraint; on SQLite, the message, which has the `table.column` or
    index.
    """
    diagnosis = getattr(error.orig, "diag", None)
    return (diagnosis.constraint_name or "") if diagnosis else str(error.orig)


def is_unavailable(error: BaseException | None) -> bool:
    """Whether an error means that the database cannot be reached or is too busy, so that a retry
    may help.
    """
    return isinstance(error, OperationalError | Busy) or _sqlstate(error) in (
        READ_ONLY,
        LOCK_NOT_AVAILABLE,
    )


def is_deadlock(error: BaseException | None) -> bool:
    """Whether PostgreSQL has ended a transaction so that others can go on; trying again helps."""
    return _sqlstate(error) in DEADLOCKS


def _sqlstate(error: Any) -> str | None:
    """The SQLSTATE of a PostgreSQL error; `READ_ONLY` means that another server has become the
    primary.
    """
    return getattr(getattr(error, "orig", error), "sqlstate", None)


@event.listens_for(Engine, "handle_error")
def _leave_a_server_that_was_switched(context: ExceptionContext) -> None:
    if _sqlstate(context.original_exception) == READ_ONLY:
        context.is_disconnect = True
