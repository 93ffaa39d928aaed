"""What entries say of rows: each room tells what its rows should be, from the entries of a subject
alone, and `verify` compares.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import FromClause, Select

from webapp.kernel.database import db

BATCH = 1_000


# The kind of what stands for entries that did not say enough when they were written.
FOUND = "found"


@dataclass(frozen=True)
class Telling:
    """An entry as far as it tells something of rows.

    Attributes:
        new: The new values; `None` if they were erased.
    """

    kind: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    door: str
    version: int
    new: Mapping[str, Any] | None

    def value(self, name: str, default: Any = None) -> Any:
        return default if self.new is None else self.new.get(name, default)

    def who(self, prefix: str) -> dict[str, Any]:
        """Who did it, in columns whose names begin so."""
        return {
            f"{prefix}_kind": self.actor_kind,
            f"{prefix}_id": self.actor_id,
            f"{prefix}_name": self.actor_name,
        }


@dataclass(frozen=True)
class RowsOf:
    """The rows of a table that are about one kind of subject.

    Attributes:
        name: What people call them.
        table: Where they are.
        key: Its column with the key of the subject, if the rows do not say it themselves.
        query: The key of the subject and the compared columns, ordered by that key and then as the
            history tells of them.
        say: What the entries of a subject say these rows should be, in their order; columns that
            they do not tell of are left out.
        is_whole: Whether all that the entries tell of must still be there.
    """

    name: str
    table: FromClause
    key: str | None
    query: Select[*tuple[Any, ...]]
    say: Callable[[Sequence[Telling]], Sequence[Mapping[str, Any]]]
    is_whole: bool = True


class Unreadable(Exception):
    """What a chain tells of rows makes no sense: whoever wrote it was not Gatebook."""


def say(rows: RowsOf, tellings: Callable[[], Sequence[Telling]]) -> Sequence[Mapping[str, Any]]:
    """What the entries of a subject say the rows should be.

    Raises:
        Unreadable: it cannot be read.
    """
    try:
        return rows.say(tellings())
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise Unreadable from error


# The key of a subject, and the rows about it.
Group = tuple[int, list[Any]]


class RowsInStep:
    """Reads such rows subject by subject, in the order of keys."""

    def __init__(self, rows: RowsOf) -> None:
        self.rows = rows
        self._groups = _grouped(rows.query)
        self._next = next(self._groups, None)

    def close(self) -> None:
        self._groups.close()

    def of(self, seq: int) -> tuple[list[Group], list[Any]]:
        """The subjects before this one that were not asked for, with their rows, and the rows of
        this one.
        """
        passed = list[Group]()
        while self._next and self._next[0] < seq:
            passed.append(self._next)
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != seq:
            return passed, []
        there = self._next[1]
        self._next = next(self._groups, None)
        return passed, there

    def rest(self) -> list[Group]:
        """The subjects after the last one that was asked for, with their rows."""
        return ([self._next] if self._next else []) + list(self._groups)


def _grouped(query: Select[*tuple[Any, ...]]) -> Generator[tuple[int, list[Any]]]:
    with closing(db.session.execute(query, execution_options={"yield_per": BATCH})) as rows:
        for seq, group in groupby(rows, key=lambda row: int(row[0])):
            yield seq, list(group)


def differences(
    rows: RowsOf, tellings: Callable[[], Sequence[Telling]], present: Sequence[Any]
) -> Iterator[str]:
    """What is other than the history says, as ends of sentences about the subject."""
    try:
        expected = say(rows, tellings)
    except Unreadable:
        yield f"tells of {rows.name} in words that cannot be read"
        return
    if not rows.is_whole:
        if not all(any(_agree(one, row) for one in expected) for row in present):
            yield f"has another mark in {rows.name} than the history says"
        return
    if len(expected) != len(present):
        yield f"has {len(present)} of {rows.name}, where the history says {len(expected)}"
        return
    for place, (expectation, row) in enumerate(zip(expected, present, strict=True), start=1):
        actual = row._mapping
        wrong = [name for name, value in expectation.items() if actual[name] != value]
        for name in wrong:
            which = f"{rows.name} {place}" if len(expected) > 1 else rows.name
            yield f"has another {name} in {which} than the history says"


def _agree(expectation: Mapping[str, Any], row: Any) -> bool:
    return all(row._mapping[name] == value for name, value in expectation.items())
