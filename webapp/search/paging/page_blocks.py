"""The blocks behind the page counts: rebuilt from all customers, and checked against them."""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from sqlalchemy import Connection, text

from webapp.customers.models import ORDER_COLUMNS
from webapp.kernel.dialects import has_several_writers
from webapp.kernel.prepared import asked
from webapp.search.paging import page_counts
from webapp.search.paging.page_counts import EVERYBODY
from webapp.search.paging.page_moves import Part, blocks_of, write
from webapp.search.paging.page_places import FIRST, Place, present_blocks, stored_key

Counts = dict[tuple[str, str, int], tuple[int, int]]


def rebuild(connection: Connection) -> None:
    """Delete all blocks and recount every customer, while nobody else changes any."""
    if has_several_writers(connection):
        asked(connection, "LOCK TABLE page_move IN EXCLUSIVE MODE")
        asked(connection, "DELETE FROM page_move")
    asked(connection, "DELETE FROM page_block")
    for sort in ORDER_COLUMNS:
        rows = iter(_everybody(connection, sort))
        start: Place | None = FIRST
        while run := list(islice(rows, page_counts.RUN)):
            write(connection, blocks_of(sort, start or run[0].place, run))
            start = None


def faults(connection: Connection) -> Iterator[str]:
    """Blocks whose counts are wrong, found by recounting everybody between block starts."""
    for sort in ORDER_COLUMNS:
        counts = _counts(connection, sort)
        starts = sorted({Place(key, seq) for whose, key, seq in counts if whose == EVERYBODY})
        true = dict(_recounted(sort, starts, _everybody(connection, sort)))
        for whose, key, seq in sorted(counts.keys() ^ true.keys()):
            yield f"the block of {sort} at {key}/{seq} of {whose or 'all'} is in one of both only"
        for place in sorted(counts.keys() & true.keys()):
            if counts[place] != true[place]:
                whose, key, seq = place
                yield f"the block of {sort} at {key}/{seq} of {whose or 'all'} counts wrongly"


def _counts(connection: Connection, sort: str) -> Counts:
    counts = (
        "SELECT dial_code, key, seq, customers, blacklisted "
        f"FROM {present_blocks(connection)} WHERE sort = :sort"
    )
    return {
        (whose, key, seq): (customers, blacklisted)
        for whose, key, seq, customers, blacklisted in asked(connection, counts, sort=sort)
        if customers or blacklisted
    }


def _recounted(
    sort: str, starts: list[Place], rows: Iterable[Part]
) -> Iterator[tuple[tuple[str, str, int], tuple[int, int]]]:
    following = iter([*starts[1:], None])
    start, limit = (starts[0] if starts else FIRST), next(following, None)

    def start_of(row: Part) -> Place:
        nonlocal start, limit
        while limit is not None and row.place >= limit:
            start, limit = limit, next(following)
        return start

    for its_start, run in groupby(rows, start_of):
        for block in blocks_of(sort, its_start, run):
            place = (block["dial_code"], block["key"], block["seq"])
            yield place, (block["customers"], block["blacklisted"])


def _everybody(connection: Connection, sort: str) -> Iterator[Part]:
    """All customers in one order, read a run at a time."""
    key = ORDER_COLUMNS[sort]
    hint = "" if has_several_writers(connection) else f" INDEXED BY ix_customer_{sort}"
    everybody = text(
        f"SELECT {key}, seq, dial_code, blacklisted FROM customer{hint} ORDER BY {key}, seq"
    )
    for key_, seq, dial_code, blacklisted in connection.execute(
        everybody, execution_options={"yield_per": page_counts.RUN}
    ):
        yield Part(stored_key(sort, key_), seq, dial_code, 1, int(blacklisted))
