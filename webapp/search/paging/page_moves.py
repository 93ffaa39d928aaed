"""Keeps the block counts in step with customers who are added, deleted or changed.

On SQLite the count of a block changes with the customer. PostgreSQL has several writers at a time,
who would wait for each other at the newest block: there each leaves a row in `page_move`, and now
and then one of them adds up what all have left.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert

from webapp.customers.models import ORDER_COLUMNS
from webapp.kernel.dialects import has_several_writers, try_advisory_lock, wait_for_advisory_lock
from webapp.kernel.prepared import asked
from webapp.search.models import PageBlock
from webapp.search.paging import page_counts
from webapp.search.paging.page_counts import EVERYBODY
from webapp.search.paging.page_places import (
    MOVES_IN_BLOCKS,
    Place,
    key_in_customers,
    run_from,
    start_of,
    stored_key,
    values_of_run,
)

# The number of the advisory lock of whoever adds up; no other module locks this one.
ADDING_UP = 20_261_126


class Entry(NamedTuple):
    """What the counts know of a customer.

    Attributes:
        keys: The sort keys, in the order of `ORDER_COLUMNS`.
    """

    seq: int
    keys: tuple[int, int, str]
    dial_code: str | None
    blacklisted: bool


class Move(NamedTuple):
    """Somebody comes to a place in an order (`step` is 1), or leaves it (-1)."""

    sort: str
    place: Place
    dial_code: str | None
    blacklisted: bool
    step: int

    @property
    def values(self) -> dict[str, Any]:
        """What it adds to a count, as columns."""
        return {
            "sort": self.sort,
            "customers": self.step,
            "blacklisted": self.step * self.blacklisted,
        }


def move(connection: Connection, before: Entry | None, after: Entry | None) -> None:
    """Let the counts follow a customer; `None` stands for somebody who is not in the book.

    Their row must be written already, because runs that grew too long are split by reading them.
    """
    moves = list(_moves(before, after))
    if has_several_writers(connection):
        for one in moves:
            asked(connection, _LEFT, **one.values, **one.place._asdict(), dial_code=one.dial_code)
    else:
        for sort, start in {(one.sort, _count(connection, one)) for one in moves}:
            _split_if_long(connection, sort, start)


def _moves(before: Entry | None, after: Entry | None) -> Iterator[Move]:
    for number, sort in enumerate(ORDER_COLUMNS):
        old, new = _placed(before, sort, number), _placed(after, sort, number)
        if old and old != new:
            yield Move(sort, *old, step=-1)
        if new and old != new:
            yield Move(sort, *new, step=1)


def _placed(entry: Entry | None, sort: str, number: int) -> tuple[Place, str | None, bool] | None:
    if entry is None:
        return None
    place = Place(stored_key(sort, entry.keys[number]), entry.seq)
    return place, entry.dial_code, entry.blacklisted


_LEFT = """
    INSERT INTO page_move (sort, key, seq, dial_code, customers, blacklisted)
    VALUES (:sort, :key, :seq, :dial_code, :customers, :blacklisted)
"""


def _count(connection: Connection, one: Move) -> Place:
    """Count a move in its block, and return the start of that."""
    start = start_of(connection, one.sort, one.place)
    for whose in (EVERYBODY, one.dial_code):
        if whose is not None:
            values = one.values | start._asdict() | {"dial_code": whose}
            if asked(connection, _COUNTED, **values)[0][0] == 0:
                _forget(connection, one.sort, whose, start)
    return start


def add_up(connection: Connection) -> None:
    """Count all moves that others have left, unless somebody else is doing it."""
    if has_several_writers(connection) and try_advisory_lock(connection, ADDING_UP):
        _add_up(connection)


def _add_up(connection: Connection) -> None:
    """One statement counts the moves and deletes them, so that all of it is of one moment. Those
    who read meanwhile see the moves; those who leave new ones do not wait.
    """
    for sort, whose, key, seq, customers in asked(connection, _ADDED_UP):
        if customers == 0:
            _forget(connection, sort, whose, Place(key, seq))
        elif whose == EVERYBODY:
            _split_if_long(connection, sort, Place(key, seq))


def erase_name(connection: Connection, seq: int) -> None:
    """Leave nothing of the name of a customer who was deleted: no move, and no block that starts
    with it.
    """
    if has_several_writers(connection):
        wait_for_advisory_lock(connection, ADDING_UP)
        _add_up(connection)
    for (key,) in asked(connection, _STARTS_OF_NAMES, seq=seq):
        _start_later(connection, Place(key, seq))


_STARTS_OF_NAMES = """
    SELECT key FROM page_block WHERE sort = 'name' AND dial_code = '' AND seq = :seq AND key <> ''
"""


def _start_later(connection: Connection, start: Place) -> None:
    """Let a block of names start at the next place that somebody has in it, or had until a move
    that is not counted yet.
    """
    places = [part.place for part in _parts(connection, "name", start)]
    if places:
        key, seq = min(places)
        asked(connection, _STARTED_LATER, **start._asdict(), later_key=key, later_seq=seq)


_STARTED_LATER = """
    UPDATE page_block SET key = :later_key, seq = :later_seq
    WHERE sort = 'name' AND key = :key AND seq = :seq
"""


def _forget(connection: Connection, sort: str, whose: str, start: Place) -> None:
    asked(connection, _FORGOTTEN, sort=sort, dial_code=whose, **start._asdict())


def _split_if_long(connection: Connection, sort: str, start: Place) -> None:
    rows = asked(connection, _IN_BLOCK, sort=sort, **start._asdict())
    if rows and rows[0][0] > page_counts.MAX_RUN_LENGTH:
        _split(connection, sort, start, rows[0][0])


_ADDED_TO_A_BLOCK = """
    ON CONFLICT (sort, dial_code, key, seq) DO UPDATE
    SET customers = page_block.customers + excluded.customers,
        blacklisted = page_block.blacklisted + excluded.blacklisted
"""
_COUNTED = f"""
    INSERT INTO page_block (sort, dial_code, key, seq, customers, blacklisted)
    VALUES (:sort, :dial_code, :key, :seq, :customers, :blacklisted)
    {_ADDED_TO_A_BLOCK} RETURNING customers
"""
_ADDED_UP = f"""
    WITH page_move AS (DELETE FROM page_move RETURNING *)
    INSERT INTO page_block (sort, dial_code, key, seq, customers, blacklisted)
    SELECT sort, dial_code, key, seq, sum(customers), sum(blacklisted)
    FROM {MOVES_IN_BLOCKS} GROUP BY 1, 2, 3, 4
    {_ADDED_TO_A_BLOCK} RETURNING sort, dial_code, key, seq, customers
"""
_FORGOTTEN = """
    DELETE FROM page_block
    WHERE sort = :sort AND dial_code = :dial_code AND key = :key AND seq = :seq
"""
_IN_BLOCK = """
    SELECT customers FROM page_block
    WHERE sort = :sort AND dial_code = '' AND key = :key AND seq = :seq
"""


class Part(NamedTuple):
    """What a count is made of: a customer, or the opposite of a move that is not counted yet."""

    key: str
    seq: int
    dial_code: str | None
    customers: int
    blacklisted: int

    @property
    def place(self) -> Place:
        return Place(self.key, self.seq)


def _split(connection: Connection, sort: str, start: Place, customers: int) -> None:
    """Halve a run that has grown too long, and recount both halves."""
    parts = sorted(_parts(connection, sort, start), key=lambda part: part.place)
    middle = parts[customers // 2].place
    asked(connection, _WHOLE_BLOCK, sort=sort, **start._asdict())
    earlier, later = (
        [part for part in parts if (part.place >= middle) is is_later] for is_later in (False, True)
    )
    write(connection, [*blocks_of(sort, start, earlier), *blocks_of(sort, middle, later)])


_WHOLE_BLOCK = "DELETE FROM page_block WHERE sort = :sort AND key = :key AND seq = :seq"


def _parts(connection: Connection, sort: str, start: Place) -> list[Part]:
    """The customers of a block without the moves that are not counted in it yet, as they are at
    one moment.
    """
    end = _next_start(connection, sort, start)
    run = run_from(connection, sort, end=end)
    columns = "CAST(key AS text), seq, dial_code, 1, CAST(blacklisted AS integer)"
    parts = f"SELECT {columns} FROM ({run}) AS run"
    values = values_of_run(sort, start, end)
    if has_several_writers(connection):
        parts += f" UNION ALL {_UNCOUNTED}{_BEFORE_END if end else ''}"
        values |= {"sort": sort, "stored": start.key, "stored_end": end.key if end else ""}
    return [
        Part(stored_key(sort, key_in_customers(sort, key)), *others)
        for key, *others in asked(connection, parts, **values)
    ]


def _next_start(connection: Connection, sort: str, start: Place) -> Place | None:
    following = asked(connection, _NEXT, sort=sort, **start._asdict())
    return Place(*following[0]) if following else None


_NEXT = """
    SELECT key, seq FROM page_block
    WHERE sort = :sort AND dial_code = '' AND (key, seq) > (:key, :seq) ORDER BY key, seq LIMIT 1
"""
_UNCOUNTED = """
    SELECT key, seq, dial_code, -customers, -blacklisted FROM page_move
    WHERE sort = :sort AND (key, seq) >= (:stored, :seq)
"""
_BEFORE_END = " AND (key, seq) < (:stored_end, :end_seq)"


def blocks_of(sort: str, start: Place, parts: Iterable[Part]) -> list[dict[str, Any]]:
    """The rows of one block."""
    customers, blacklisted = Counter[str](), Counter[str]()
    for part in parts:
        for whose in (EVERYBODY, part.dial_code):
            if whose is not None:
                customers[whose] += part.customers
                blacklisted[whose] += part.blacklisted
    return [
        {"sort": sort, "dial_code": whose, "customers": number, "blacklisted": blacklisted[whose]}
        | start._asdict()
        for whose, number in customers.items()
    ]


def write(connection: Connection, blocks: list[dict[str, Any]]) -> None:
    connection.execute(insert(PageBlock), blocks)
