"""The blocks behind the page counts: rebuilt from all customers, and checked against them."""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection

from webapp.search.page_counts import EVERYBODY, FIRST, KEYS, RUN, blocks_of, execute, write


def rebuild(connection: Connection) -> None:
    """Delete all blocks and recount every customer."""
    execute(connection, "DELETE FROM page_block")
    for sort in KEYS:
        rows = iter(_everybody(connection, sort))
        start: tuple[Any, int] | None = FIRST[sort]
        while run := list(islice(rows, RUN)):
            start = start or (run[0].key, run[0].seq)
            write(connection, blocks_of(sort, start, run))
            start = None


def faults(connection: Connection) -> Iterator[str]:
    """Blocks whose stored counts are wrong, found by recounting everybody between block starts."""
    for sort in KEYS:
        stored = execute(connection, "SELECT * FROM page_block WHERE sort = :sort", sort=sort).all()
        starts = sorted({(row.key, row.seq) for row in stored if row.dial_code == EVERYBODY})
        blocks = {
            (row.dial_code, row.key, row.seq): (row.customers, row.blacklisted) for row in stored
        }
        true = dict(_counted(sort, starts, _everybody(connection, sort)))
        for place in sorted(blocks.keys() ^ true.keys(), key=str):
            yield (
                f"the block of {sort} at {place[1]!s}/{place[2]} of {place[0] or 'all'} is in "
                "one of both only"
            )
        for place in sorted(
            (place for place in blocks.keys() & true.keys() if blocks[place] != true[place]),
            key=str,
        ):
            yield (
                f"the block of {sort} at {place[1]!s}/{place[2]} "
                f"of {place[0] or 'all'} counts wrongly"
            )


def _counted(
    sort: str, starts: list[tuple[Any, int]], rows: Iterable[Any]
) -> Iterator[tuple[Any, tuple[int, int]]]:
    following = iter([*starts[1:], None])
    start, limit = (starts[0] if starts else FIRST[sort]), next(following, None)

    def start_of(row: Any) -> tuple[Any, int]:
        nonlocal start, limit
        while limit is not None and (row.key, row.seq) >= limit:
            start, limit = limit, next(following)
        return start

    for its_start, run in groupby(rows, start_of):
        for block in blocks_of(sort, its_start, list(run)):
            place = (block["dial_code"], block["key"], block["seq"])
            yield place, (block["customers"], block["blacklisted"])


def _everybody(connection: Connection, sort: str) -> Any:
    key = KEYS[sort]
    everybody = (
        f"SELECT {key} AS key, seq, dial_code, blacklisted FROM customer INDEXED BY "
        f"ix_customer_{sort}"
    )
    return connection.exec_driver_sql(
        f"{everybody} ORDER BY {key}, seq", execution_options={"yield_per": RUN}
    )
