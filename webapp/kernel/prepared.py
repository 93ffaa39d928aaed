"""Statements that go straight to the driver: for those that every page or call runs, SQLAlchemy
takes longer to get one there and back than the database takes to answer.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]


class Prepared:
    """A Core select. Its rows are named tuples; the types of its columns convert values both
    ways.
    """

    def __init__(self, statement: Select[Any] | CompoundSelect[Any]) -> None:
        self._statement = statement
        self._ways: dict[str, _Way] = {}

    def first(self, connection: Connection, **values: Any) -> Any:
        """The first row; `None` if there is none."""
        return next(iter(self.all(connection, **values)), None)

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        dialect = connection.dialect
        way = self._ways.get(dialect.name)
        if way is None:
            way = self._ways.setdefault(dialect.name, _Way(self._statement, dialect))
        return [way.row(row) for row in driven(connection, way.text, way.bound(values))]


def asked(connection: Connection, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement that has its values by name, as `:name`, for either engine."""
    is_named = connection.dialect.paramstyle in ("qmark", "named")
    return driven(connection, statement if is_named else _in_pyformat(statement), values)


@lru_cache(maxsize=1_000)
def _in_pyformat(statement: str) -> str:
    return re.sub(r":(\w+)", r"%(\1)s", statement)


def driven(connection: Connection, statement: str, values: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement in the driver's own words, as they come from it. Listeners to the
    engine's statements hear of it, before and after; those to its errors do not.
    """
    cursor: Any = None
    try:
        cursor = connection.connection.cursor()
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, cursor, statement, values, None, False)
        cursor.execute(statement, values)
        rows = list(cursor.fetchall()) if cursor.description else []
        for listener in connection.dispatch.after_cursor_execute:
            listener(connection, cursor, statement, values, None, False)
        return rows
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(error, connection, cursor, statement) from error
    finally:
        if cursor is not None:
            cursor.close()


def _wrapped(error: Any, connection: Connection, cursor: Any, statement: str) -> BaseException:
    """A driver's error as SQLAlchemy raises it; a lost connection leaves the pool."""
    dialect = connection.dialect
    is_lost = dialect.is_disconnect(error, connection.connection, cursor)
    if is_lost:
        connection.invalidate(error)
    wrapped: BaseException = DBAPIError.instance(
        statement,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_lost,
        dialect=dialect,
    )
    return wrapped


class _Way:
    """How one dialect runs a select."""

    def __init__(self, statement: Select[Any] | CompoundSelect[Any], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self.text = str(compiled)
        self._is_positional = compiled.positiontup is not None
        self._names = list(compiled.positiontup or compiled.params)
        self._constants = {
            name: value
            for name, value in compiled.params.items()
            if not compiled.binds[name].required
        }
        self._bind = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        }
        columns = list(statement.selected_columns)
        self._row: Any = namedtuple("Row", [str(column.key) for column in columns])  # type: ignore[misc]
        results = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ]
        self._converted = [(place, convert) for place, convert in enumerate(results) if convert]

    def bound(self, values: Mapping[str, Any]) -> Any:
        pairs = [(name, self._one(name, values)) for name in self._names]
        return [value for _, value in pairs] if self._is_positional else dict(pairs)

    def _one(self, name: str, values: Mapping[str, Any]) -> Any:
        value = values[name] if name in values else self._constants[name]
        convert = self._bind[name]
        return convert(value) if convert else value

    def row(self, values: Sequence[Any]) -> Any:
        row = list(values)
        for place, convert in self._converted:
            row[place] = convert(row[place])
        return self._row._make(row)
