"""Copies a whole book into an empty PostgreSQL database,
table by table, and proves that both hold the same rows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Table,
    func,
    inspect,
    select,
)

from webapp.history.book import BookFact
from webapp.kernel.database import Identifier, db
from webapp.kernel.dialects import reset_sequence
from webapp.kernel.refusals import Conflict

BATCH = 10_000
# Table in the target from the first row until verification, so that an interrupted copy is never
# taken for a book.
MARK = "unfinished_copy"
DIGEST_BYTES = 16
FILLED_BY_MIGRATIONS = cast(Table, BookFact.__table__)
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Difference:
    """A table that differs between the two databases, with its number of rows in each."""

    table: str
    rows: int
    rows_there: int

    def __str__(self) -> str:
        if self.rows == self.rows_there:
            return f"{self.table}: {self.rows:,} rows in both, but not the same ones"
        return f"{self.table}: {self.rows:,} rows here, {self.rows_there:,} there"


class TargetNotEmpty(Conflict):
    code = "target_not_empty"
    sentence = "The target has {has} already; a book is copied into an empty database only"


def number_of_rows(engine: Engine) -> int:
    """How many rows a book has, not counting those that migrations insert."""
    with engine.connect() as connection:
        return sum(
            _count(connection, table) for table in _tables() if table is not FILLED_BY_MIGRATIONS
        )


def refuse_another_book(target: Engine) -> None:
    """Check the target before anything is done there.

    Raises:
        Conflict: `target_not_empty`; it has tables that no unfinished copy left there.
    """
    there = inspect(target).get_table_names()
    if there and MARK not in there:
        raise TargetNotEmpty(has="tables")


def take_up(target: Engine) -> int:
    """Prepare an empty, migrated target for the copy,
    or resume an unfinished one.

    Returns:
        The number of rows that it already has.

    Raises:
        Conflict: `target_not_empty`.
    """
    there = number_of_rows(target)
    if inspect(target).has_table(MARK):
        return there
    if there:
        raise TargetNotEmpty(has="rows")
    with target.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE {MARK} ()")
        connection.execute(FILLED_BY_MIGRATIONS.delete())
        for index in _indexes():
            index.drop(connection)
    return 0


def copy(source: Engine, target: Engine, *, progress: Callable[[int], None]) -> None:
    """Copy every row that the target lacks, in key order, 10,000 per transaction.

    Args:
        progress: Called with the number of rows after each batch.
    """
    with source.connect() as reading, target.connect() as writing:
        for table in _tables():
            with writing.begin():
                there = _count(writing, table)
            for rows in _batches(reading, table, there):
                with writing.begin():
                    _write(writing, table, rows)
                progress(len(rows))


def finish(source: Engine, target: Engine) -> list[Difference]:
    """Create the indexes, set the sequences, and compare both databases.

    Returns:
        The differences. If there are none, the target is a book from now on.
    """
    with target.begin() as connection:
        for index in _indexes():
            index.create(connection, checkfirst=True)
        _move_sequences(source, connection)
    different = list(differences_of(source, target))
    if not different:
        with target.begin() as connection:
            connection.exec_driver_sql(f"DROP TABLE {MARK}")
            connection.exec_driver_sql("ANALYZE")
    return different


def _tables() -> list[Table]:
    """All tables of a book, each after those that it refers to."""
    return list(db.metadata.sorted_tables)


def _indexes() -> list[Index]:
    """All indexes but those of primary keys."""
    return [
        index
        for table in _tables()
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _write(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    with connection.connection.cursor().copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as into:
        for row in rows:
            into.write_row(row)


def _batches(connection: Connection, table: Table, first: int) -> Iterator[Sequence[Row]]:
    """Rows from offset `first` on, in key order, with values as PostgreSQL returns them."""
    on_sqlite = connection.dialect.name == "sqlite"
    columns = ", ".join(
        f'"{column.name}"' + ("" if on_sqlite else _as_written(column)) for column in table.columns
    )
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    query = f'SELECT {columns} FROM "{table.name}" ORDER BY {keys} LIMIT {2**62} OFFSET {first}'  # noqa: S608 - our own names
    convert = _conversions(table) if on_sqlite else {}
    for rows in connection.exec_driver_sql(
        query, execution_options={"stream_results": True}
    ).partitions(BATCH):
        yield [_converted(row, convert) for row in rows]


def _as_written(column: Column[Any]) -> str:
    """A cast for JSON, which is compared as the text that was written."""
    return "::text" if isinstance(column.type, JSON) else ""


def _conversions(table: Table) -> dict[int, Callable[[Any], Any]]:
    """Conversions of what SQLite stores differently, by the position of the column."""
    kinds: dict[type, Callable[[Any], Any]] = {
        Boolean: bool,
        Identifier: lambda value: UUID(bytes=value),
    }
    return {
        place: convert
        for place, column in enumerate(table.columns)
        for kind, convert in kinds.items()
        if isinstance(column.type, kind)
    }


def _converted(row: Sequence[Any], convert: dict[int, Callable[[Any], Any]]) -> Row:
    values = list(row)
    for place, one in convert.items():
        if values[place] is not None:
            values[place] = one(values[place])
    return tuple(values)


def _move_sequences(source: Engine, target: Connection) -> None:
    """Start each sequence after the highest key ever used: the history still refers
    to deleted rows, whose keys `sqlite_sequence` remembers.
    """
    with source.connect() as connection:
        sequences = {
            row.name: row.seq
            for row in connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
        }
    for table in _tables():
        column = table.autoincrement_column
        last = (
            None
            if column is None
            else max(target.scalar(select(func.max(column))) or 0, sequences.get(table.name, 0))
        )
        if column is not None:
            reset_sequence(target, column, last)


def differences_of(source: Engine, target: Engine) -> Iterator[Difference]:
    """The tables that differ between two books, on either engine."""
    with source.connect() as one, target.connect() as other:
        for table in _tables():
            (rows, checksum), (rows_there, checksum_there) = (
                _summed(one, table),
                _summed(other, table),
            )
            if (rows, checksum) != (rows_there, checksum_there):
                yield Difference(table.name, rows, rows_there)


def _summed(connection: Connection, table: Table) -> tuple[int, int]:
    """The number of rows, and the sum of their digests, which does not depend on their order."""
    rows = total = 0
    for batch in _batches(connection, table, 0):
        rows += len(batch)
        total += sum(
            int.from_bytes(blake2b(repr(row).encode(), digest_size=DIGEST_BYTES).digest())
            for row in batch
        )
    return rows, total % 2 ** (8 * DIGEST_BYTES)
