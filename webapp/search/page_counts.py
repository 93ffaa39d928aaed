"""Block counts on SQLite: the length of a list and the place of its n-th row, without counting.

In each order the customers are divided into runs of about 4,096. A row of `page_block` holds the
start of a run and the number of customers in it: all of them (`dial_code` is the empty string) or
those of one dial code. The first run starts before every key.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection

from webapp.kernel.prepared import driven

RUN = 4_096
MAX_RUN_LENGTH = 2 * RUN
KEYS = {"created": "created_at", "updated": "updated_at", "name": "name_key"}
# Sorts before every key of the order. Of the same type as the keys, because SQLite converts a
# number to text when it compares the two.
FIRST: dict[str, tuple[Any, int]] = {"created": (-1, 0), "updated": (-1, 0), "name": ("", 0)}
EVERYBODY = ""


class Entry(NamedTuple):
    """What the counts know of a customer; `keys` are the sort keys, in the order of `KEYS`."""

    seq: int
    keys: tuple[int, int, str]
    dial_code: str | None
    blacklisted: bool


@dataclass(frozen=True)
class Subset:
    """The customers of a list.

    Attributes:
        blacklisted: Only those who are, or only those who are not; `None` for all.
    """

    dial_code: str | None = None
    blacklisted: bool | None = None

    @property
    def counted(self) -> str:
        """SQL for the number of them in a block."""
        return {None: "customers", True: "blacklisted", False: "customers - blacklisted"}[
            self.blacklisted
        ]

    @property
    def filters(self) -> tuple[str, dict[str, Any]]:
        """The same as conditions on customer columns, which the index of every order contains."""
        subset = {"dial_code": self.dial_code, "blacklisted": self.blacklisted}
        values = {name: value for name, value in subset.items() if value is not None}
        return "".join(f" AND {name} = :{name}" for name in values), values


def count(connection: Connection, whose: Subset) -> int:
    """How many customers a subset has."""
    total = (
        f"SELECT coalesce(sum({whose.counted}), 0) FROM page_block WHERE sort = 'created' AND "
        "dial_code = :of"
    )
    return int(_scalar(connection, total, of=whose.dial_code or EVERYBODY))


def created_before(connection: Connection, whose: Subset, moment: int) -> int:
    """How many of them were created before a moment, given in milliseconds since 1970."""
    key, seq = _start_of(connection, "created", moment, 0)
    before = f"""
        SELECT coalesce(sum({whose.counted}), 0) FROM page_block
        WHERE sort = 'created' AND dial_code = :of AND (key, seq) < (:key, :seq)
    """
    filters, values = whose.filters
    within = f"""
        SELECT count(*) FROM ({_run("created", f"{filters} AND created_at < :moment")})
    """
    start = {"key": key, "seq": seq}
    return int(_scalar(connection, before, of=whose.dial_code or EVERYBODY, **start)) + int(
        _scalar(connection, within, moment=moment, **start, **values)
    )


def seqs(
    connection: Connection, sort: str, whose: Subset, first: int, most: int, *, of: int
) -> list[int]:
    """The customers from the `first`-th on (from 0), in ascending order.

    Args:
        of: How many of them there are, as returned by `count`.
    """
    filters, values = whose.filters
    run = f"{_run(sort, filters)} ORDER BY key, seq LIMIT :most OFFSET :skipped"
    rows: list[int] = []
    for block in _blocks_with(connection, sort, whose, first, most, of):
        skipped = max(0, first - block.before)
        asked = {"most": min(most - len(rows), block.some - skipped), "skipped": skipped}
        rows += [
            row.seq
            for row in execute(connection, run, key=block.key, seq=block.seq, **asked, **values)
        ]
    return rows


class _Block(NamedTuple):
    """The start of a run, and how many customers of the subset are in it and before it."""

    key: Any
    seq: int
    some: int
    before: int


def _blocks_with(
    connection: Connection, sort: str, whose: Subset, first: int, most: int, of: int
) -> list[_Block]:
    """The blocks that hold `most` rows from the `first`-th on, summed up from the nearer end.

    Blocks without any of the subset are left out, so that a sparse subset is not searched for row
    by row among everybody.
    """
    from_end = first + most > of // 2
    skipped = max(0, of - first - most) if from_end else first
    way = "DESC" if from_end else "ASC"
    passed = f"""
        SELECT key, seq, some, passed FROM (
            SELECT key, seq, {whose.counted} AS some,
                sum({whose.counted}) OVER (
                    ORDER BY key {way}, seq {way} ROWS UNBOUNDED PRECEDING
                ) AS passed
            FROM page_block WHERE sort = :sort AND dial_code = :of
        ) WHERE some > 0 AND passed > :skipped
    """
    blocks: list[_Block] = []
    for row in execute(
        connection, passed, sort=sort, of=whose.dial_code or EVERYBODY, skipped=skipped
    ):
        blocks.append(
            _Block(
                row.key, row.seq, row.some, of - row.passed if from_end else row.passed - row.some
            )
        )
        if row.passed >= min(skipped + most, of):
            break
    return blocks[::-1] if from_end else blocks


def _run(sort: str, filters: str = "") -> str:
    """Customers from the start of a block on. In two parts, because for `(key, seq) >= …` SQLite
    would use only `key` as the bound of its index range.
    """
    key = KEYS[sort]
    columns = (
        f"SELECT {key} AS key, seq, dial_code, blacklisted FROM customer INDEXED BY "
        f"ix_customer_{sort}"
    )
    return (
        f"{columns} WHERE {key} = :key AND seq >= :seq{filters} UNION ALL {columns} WHERE "
        f"{key} > :key{filters}"
    )


def _start_of(connection: Connection, sort: str, key: Any, seq: int) -> tuple[Any, int]:
    """The start of the block that contains a place."""
    block = driven(connection, _START, {"sort": sort, "key": key, "seq": seq})
    return (block[0][0], block[0][1]) if block else FIRST[sort]


_START = """
    SELECT key, seq FROM page_block
    WHERE sort = :sort AND dial_code = '' AND (key, seq) <= (:key, :seq)
    ORDER BY key DESC, seq DESC LIMIT 1
"""


def move(connection: Connection, moves: Iterable[tuple[Entry | None, Entry | None]]) -> None:
    """Update the counts for customers who were added, deleted or changed.

    Each move is a customer before and after; `None` where they are not in the book. All rows must
    be written already, because runs that grew too long are split at the end, by reading them.
    """
    grown: set[tuple[str, Any, int]] = set()
    for was, now in moves:
        for place, sort in enumerate(KEYS):
            old, new = _place(was, place), _place(now, place)
            if old and old != new:
                _add(connection, sort, *old, step=-1)
            if new and old != new:
                grown.add((sort, *_add(connection, sort, *new, step=1)))
    for sort, key, seq in grown:
        customers = _scalar(connection, _IN_BLOCK, sort=sort, key=key, seq=seq)
        if customers and customers > MAX_RUN_LENGTH:
            _split(connection, sort, key, seq, customers)


def _place(entry: Entry | None, place: int) -> tuple[Any, int, str | None, bool] | None:
    return (entry.keys[place], entry.seq, entry.dial_code, entry.blacklisted) if entry else None


def _add(
    connection: Connection,
    sort: str,
    key: Any,
    seq: int,
    dial_code: str | None,
    blacklisted: bool,
    *,
    step: int,
) -> tuple[Any, int]:
    """Add a step to the count of the block that contains a place, and return its start."""
    start_key, start_seq = _start_of(connection, sort, key, seq)
    start = {"sort": sort, "key": start_key, "seq": start_seq}
    for whose in (EVERYBODY, dial_code):
        if whose is not None:
            counts = {
                "dial_code": whose,
                "customers": step,
                "blacklisted": step if blacklisted else 0,
            }
            if _scalar(connection, _COUNTED, **counts, **start) == 0:
                execute(connection, _FORGOTTEN, dial_code=whose, **start)
    return start_key, start_seq


_IN_BLOCK = (
    "SELECT customers FROM page_block WHERE sort = :sort "
    "AND dial_code = '' AND key = :key AND seq = :seq"
)
_COUNTED = """
    INSERT INTO page_block (sort, dial_code, key, seq, customers, blacklisted)
    VALUES (:sort, :dial_code, :key, :seq, :customers, :blacklisted)
    ON CONFLICT DO UPDATE
    SET customers = customers + excluded.customers, blacklisted = blacklisted + excluded.blacklisted
    RETURNING customers
"""
_FORGOTTEN = """
    DELETE FROM page_block
    WHERE sort = :sort AND dial_code = :dial_code AND key = :key AND seq = :seq
"""


def _split(connection: Connection, sort: str, key: Any, seq: int, customers: int) -> None:
    """Halve a run that has grown too long, and recount both halves."""
    run = f"{_run(sort)} ORDER BY key, seq LIMIT :most"
    rows = execute(connection, run, key=key, seq=seq, most=customers).all()
    execute(connection, "DELETE FROM page_block WHERE sort = :sort AND key = :key AND seq = :seq",
             sort=sort, key=key, seq=seq)  # fmt: skip
    middle = customers // 2
    later = rows[middle]
    write(
        connection,
        [
            *blocks_of(sort, (key, seq), rows[:middle]),
            *blocks_of(sort, (later.key, later.seq), rows[middle:]),
        ],
    )


def execute(connection: Connection, statement: str, **values: Any) -> Any:
    return connection.exec_driver_sql(statement, values)


def _scalar(connection: Connection, statement: str, **values: Any) -> Any:
    rows = driven(connection, statement, values)
    return rows[0][0] if rows else None


def blocks_of(sort: str, start: tuple[Any, int], run: list[Any]) -> list[dict[str, Any]]:
    """The rows of one block."""
    customers, blacklisted = Counter[str](), Counter[str]()
    for row in run:
        for whose in (EVERYBODY, row.dial_code):
            if whose is not None:
                customers[whose] += 1
                blacklisted[whose] += row.blacklisted
    place = {"sort": sort, "key": start[0], "seq": start[1]}
    return [
        place | {"dial_code": whose, "customers": number, "blacklisted": blacklisted[whose]}
        for whose, number in customers.items()
    ]


def write(connection: Connection, blocks: list[dict[str, Any]]) -> None:
    columns = "sort, dial_code, key, seq, customers, blacklisted"
    values = ":sort, :dial_code, :key, :seq, :customers, :blacklisted"
    connection.exec_driver_sql(f"INSERT INTO page_block ({columns}) VALUES ({values})", blocks)
