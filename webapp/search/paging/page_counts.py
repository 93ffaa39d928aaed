"""Block counts: the length of a list and the place of its n-th row, without counting.

In each order the customers are divided into runs of about 4,096. A row of `page_block` holds the
start of a run and the number of customers in it: all of them (`dial_code` is the empty string) or
those of one dial code. The first run starts before every key. On PostgreSQL some changes are not
in the blocks yet, but in `page_move`; see `page_moves`.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection

from webapp.kernel.dialects import has_several_writers
from webapp.kernel.prepared import asked
from webapp.search.paging.page_places import (
    Place,
    present_blocks,
    run_from,
    start_of,
    stored_key,
    values_of_run,
)

RUN = 4_096
MAX_RUN_LENGTH = 2 * RUN
EVERYBODY = ""


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

    @property
    def whose(self) -> str:
        """The `dial_code` of its blocks."""
        return self.dial_code or EVERYBODY


class Totals(dict[str, tuple[int, int]]):
    """How many customers there are and how many of them are blacklisted, by the `dial_code` of
    their blocks.
    """

    def of(self, subset: Subset) -> int:
        customers, blacklisted = self.get(subset.whose, (0, 0))
        return {None: customers, True: blacklisted, False: customers - blacklisted}[
            subset.blacklisted
        ]


def totals(connection: Connection, dial_code: str | None = None) -> Totals:
    """Those of all customers, and of one dial code."""
    statement = _TOTALS_WITH_MOVES if has_several_writers(connection) else _TOTALS
    rows = asked(connection, statement, whose=dial_code or EVERYBODY)
    return Totals({whose: (int(customers), int(some)) for whose, customers, some in rows})


def count(connection: Connection, subset: Subset) -> int:
    """How many customers a subset has."""
    return totals(connection, subset.dial_code).of(subset)


_TOTALS = """
    SELECT dial_code, sum(customers), sum(blacklisted) FROM page_block
    WHERE sort = 'created' AND dial_code IN ('', :whose) GROUP BY dial_code
"""
_TOTALS_WITH_MOVES = """
    SELECT dial_code, sum(customers), sum(blacklisted) FROM (
        SELECT dial_code, customers, blacklisted FROM page_block
        WHERE sort = 'created' AND dial_code IN ('', :whose)
        UNION ALL SELECT '', customers, blacklisted FROM page_move WHERE sort = 'created'
        UNION ALL SELECT dial_code, customers, blacklisted FROM page_move
        WHERE sort = 'created' AND dial_code = :whose
    ) AS parts GROUP BY dial_code
"""


def created_before(connection: Connection, subset: Subset, moment: int) -> int:
    """How many of them were created before a moment, given in milliseconds since 1970."""
    start = start_of(connection, "created", Place(stored_key("created", moment), 0))
    filters, values = subset.filters
    run = run_from(connection, "created", f"{filters} AND created_at < :moment")
    within = asked(
        connection,
        f"SELECT count(*) FROM ({run}) AS run",
        **values_of_run("created", start),
        moment=moment,
        **values,
    )
    return _in_earlier_blocks(connection, start, subset) + int(within[0][0])


def _in_earlier_blocks(connection: Connection, start: Place, subset: Subset) -> int:
    """How many of a subset were created before a block starts."""
    earlier = f"""
        SELECT coalesce(sum({subset.counted}), 0) FROM page_block
        WHERE sort = 'created' AND dial_code = :whose AND (key, seq) < (:key, :seq)
    """
    if has_several_writers(connection):
        earlier = f"""
            SELECT ({earlier}) + (
                SELECT coalesce(sum({subset.counted}), 0) FROM page_move
                WHERE sort = 'created' AND :whose IN ('', dial_code) AND (key, seq) < (:key, :seq)
            )
        """
    return int(asked(connection, earlier, whose=subset.whose, **start._asdict())[0][0])


def seqs(
    connection: Connection, sort: str, subset: Subset, first: int, most: int, *, of: int
) -> list[int]:
    """The customers from the `first`-th on (from 0), in ascending order.

    Args:
        of: How many of them there are, as returned by `count`.
    """
    filters, values = subset.filters
    rows: list[int] = []
    for block in _blocks_with(connection, sort, subset, first, most, of):
        skipped = max(0, first - block.before)
        run = run_from(connection, sort, filters, block.end)
        rows += [
            seq
            for _, seq, *_ in asked(
                connection,
                f"{run} ORDER BY key, seq LIMIT :most OFFSET :skipped",
                **values_of_run(sort, block.start, block.end),
                **values,
                most=min(most - len(rows), block.members - skipped),
                skipped=skipped,
            )
        ]
    return rows


class _Block(NamedTuple):
    """The start of a run and of the next one, and how many customers of the subset are in it and
    before it.
    """

    start: Place
    end: Place | None
    members: int
    before: int


def _blocks_with(
    connection: Connection, sort: str, subset: Subset, first: int, most: int, of: int
) -> list[_Block]:
    """The blocks that hold `most` rows from the `first`-th on, summed up from the nearer end.

    Blocks without any of the subset are left out, so that a sparse subset is not searched for row
    by row among everybody.
    """
    from_end = first + most > of // 2
    skipped = max(0, of - first - most) if from_end else first
    passed_blocks = asked(
        connection,
        _passed(connection, subset, from_end=from_end),
        sort=sort,
        whose=subset.whose,
        skipped=skipped,
        most=most + 1,
    )
    blocks: list[_Block] = []
    for key, seq, end_key, end_seq, members, passed in passed_blocks:
        end = None if end_key is None else Place(end_key, end_seq)
        before = of - passed if from_end else passed - members
        blocks.append(_Block(Place(key, seq), end, members, before))
        if passed >= min(skipped + most, of):
            break
    return blocks[::-1] if from_end else blocks


def _passed(connection: Connection, subset: Subset, *, from_end: bool) -> str:
    """Blocks with some of a subset, and how many of it they and those before them hold."""
    way, following = ("DESC", "lag") if from_end else ("ASC", "lead")
    order, ends = f"ORDER BY key {way}, seq {way}", "NULL AS end_key, NULL AS end_seq"
    if has_several_writers(connection):
        ends = ", ".join(
            f"{following}({part}) OVER ({order}) AS end_{part}" for part in Place._fields
        )
    return f"""
        SELECT key, seq, end_key, end_seq, members, passed FROM (
            SELECT key, seq, {ends}, {subset.counted} AS members,
                sum({subset.counted}) OVER ({order} ROWS UNBOUNDED PRECEDING) AS passed
            FROM {present_blocks(connection)} WHERE sort = :sort AND dial_code = :whose
        ) AS passing WHERE members > 0 AND passed > :skipped {order} LIMIT :most
    """
