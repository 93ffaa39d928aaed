"""Places in the orders of lists: sort keys as they are stored, and runs of customers from a place
on.
"""

from typing import Any, NamedTuple

from sqlalchemy import Connection

from webapp.customers.models import ORDER_COLUMNS
from webapp.kernel.dialects import has_several_writers
from webapp.kernel.prepared import asked


class Place(NamedTuple):
    """A place in an order, which may be that of a customer: the stored sort key, and `seq`."""

    key: str
    seq: int


FIRST = Place("", 0)


def stored_key(sort: str, key: Any) -> str:
    """A sort key as text that sorts like it: moments, in milliseconds since 1970, as sixteen
    digits.
    """
    return str(key) if sort == "name" else f"{key:016d}"


def key_in_customers(sort: str, key: str) -> Any:
    """A stored sort key as it stands in the column of the order; that of `FIRST` is before all."""
    return key if sort == "name" else int(key or -1)


def start_of(connection: Connection, sort: str, place: Place) -> Place:
    """The start of the block that contains a place."""
    rows = asked(connection, _START, sort=sort, **place._asdict())
    return Place(*rows[0]) if rows else FIRST


_START = """
    SELECT key, seq FROM page_block
    WHERE sort = :sort AND dial_code = '' AND (key, seq) <= (:key, :seq)
    ORDER BY key DESC, seq DESC LIMIT 1
"""
# To a row of `page_move`, the start of the block to which it belongs.
_START_OF_MOVE = """
    LEFT JOIN LATERAL (
        SELECT key, seq FROM page_block AS started
        WHERE started.sort = page_move.sort AND started.dial_code = ''
            AND (started.key, started.seq) <= (page_move.key, page_move.seq)
        ORDER BY started.key DESC, started.seq DESC LIMIT 1
    ) AS start ON true
"""
# Each move twice, as blocks count it: for all customers, and for those of its dial code.
MOVES_IN_BLOCKS = f"""(
    SELECT page_move.sort, whose.dial_code, coalesce(start.key, '') AS key,
        coalesce(start.seq, 0) AS seq, page_move.customers, page_move.blacklisted
    FROM page_move {_START_OF_MOVE}
        CROSS JOIN LATERAL (VALUES (''), (page_move.dial_code)) AS whose (dial_code)
    WHERE whose.dial_code IS NOT NULL
) AS moves_in_blocks"""
_BLOCKS_AND_MOVES = f"""(
    SELECT sort, dial_code, key, seq, CAST(sum(customers) AS integer) AS customers,
        CAST(sum(blacklisted) AS integer) AS blacklisted
    FROM (
        SELECT sort, dial_code, key, seq, customers, blacklisted FROM page_block
        UNION ALL
        SELECT sort, dial_code, key, seq, customers, blacklisted FROM {MOVES_IN_BLOCKS}
    ) AS parts GROUP BY sort, dial_code, key, seq
) AS blocks_and_moves"""


def present_blocks(connection: Connection) -> str:
    """The blocks as they count now, as a table in SQL: with the moves that are not in them yet."""
    return _BLOCKS_AND_MOVES if has_several_writers(connection) else "page_block"


def run_from(connection: Connection, sort: str, filters: str = "", end: Place | None = None) -> str:
    """SQL for customers from the start of a block on; `values_of_run` has its values.

    On SQLite in two parts, because for `(key, seq) >= …` it would use only `key` as the bound of
    its index range. PostgreSQL uses both, but cannot tell how few they leave; it is told the range
    of `key` as well.
    """
    key = ORDER_COLUMNS[sort]
    columns = f"SELECT {key} AS key, seq, dial_code, blacklisted FROM customer"
    if end:
        filters += f" AND {key} <= :end_key AND ({key}, seq) < (:end_key, :end_seq)"
    if has_several_writers(connection):
        return f"{columns} WHERE {key} >= :key AND ({key}, seq) >= (:key, :seq){filters}"
    columns += f" INDEXED BY ix_customer_{sort}"
    return (
        f"{columns} WHERE {key} = :key AND seq >= :seq{filters} UNION ALL {columns} WHERE "
        f"{key} > :key{filters}"
    )


def values_of_run(sort: str, start: Place, end: Place | None = None) -> dict[str, Any]:
    """The values of `run_from`."""
    values = {"key": key_in_customers(sort, start.key), "seq": start.seq}
    if end:
        values |= {"end_key": key_in_customers(sort, end.key), "end_seq": end.seq}
    return values
