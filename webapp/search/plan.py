"""Choose the quickest way to read a list that its engine and its size allow."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import tzinfo
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import Select, func, literal, select

from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.dialects import is_sqlite
from webapp.search import conditions
from webapp.search.filters import CustomerFilter, Standing
from webapp.search.fts5 import BLACKLISTED_MARK, TrigramIndex, dial_code_mark
from webapp.search.paging import page_counts
from webapp.search.paging.page_counts import Subset, Totals
from webapp.search.postgresql import PlannedIndex
from webapp.search.ranked import RankedResults
from webapp.search.timeout import Deadline

# Cost model: one row read costs as much as skipping this many index entries.
ROW_READ_COST = 40
# Up to this many rows are scanned faster than the search index answers.
FEW_TO_SEARCH = 1_000
# The mark of a dial code narrows a search only if fewer than this share of all customers have it.
SHARE_WORTH_A_MARK = 0.1


class List(Protocol):
    """The customers that were asked for, in order.

    Attributes:
        total: How many there are; for a search, at most one more than its cap.
    """

    @property
    def total(self) -> int: ...

    def seqs(self, first: int, most: int) -> list[int]:
        """The `seq` of at most `most` customers from the `first`-th on (from 0)."""


def list_of(filters: CustomerFilter, zone: tzinfo, *, cap: int) -> List:
    """The way to read this list.

    Args:
        cap: How many a search finds at most.
    """
    searched = bool(filters.understood.terms)
    if searched:
        filters = replace(filters, survivors=conditions.survivors(filters.understood))
    most = cap if searched else None
    if filters.names_one:
        return _Rows(filters, zone, cap=most)
    if filters.standing is Standing.WAITING and not searched:
        return _Rows(
            filters, zone, index=_index_of_waiting(filters), counted_by=_counting_waiting(filters)
        )
    if filters.country and not searched:
        return _Rows(filters, zone, index=f"ix_customer_country_{_sort_of(filters)[0]}")
    along = _Blocks(filters, zone)
    if searched and along.total <= FEW_TO_SEARCH:
        return _Rows(filters, zone, cap=most, index=along.cheapest_index())
    if searched:
        return RankedResults(
            filters,
            zone,
            cap,
            TrigramIndex(cap, along.marks, _who_wait(filters)) if is_sqlite() else PlannedIndex(),
        )
    index = along.quicker_index((filters.page - 1) * filters.rows, filters.rows)
    return _Rows(filters, zone, index=index, total=along.total) if index else along


def _sort_of(filters: CustomerFilter) -> tuple[str, bool]:
    """The name of an order, as indexes and block counts have it, and whether it is reversed."""
    name, reversed_ = filters.sort.lstrip("-"), filters.sort.startswith("-")
    return {"changed": "updated"}.get(name, name), reversed_


def _index_of_waiting(filters: CustomerFilter) -> str:
    return f"ix_customer_waits_{_sort_of(filters)[0]}"


def _counting_waiting(filters: CustomerFilter) -> str:
    """The index that reads the fewest entries to count them: by creation if they are filtered by
    it, else by when they began to wait.
    """
    return (
        "ix_customer_waits_created"
        if filters.created_from or filters.created_to
        else "ix_customer_waits"
    )


def _who_wait(filters: CustomerFilter) -> Select[int] | None:
    """Those who wait, from their own index; the search index only marks the whole blacklist."""
    if filters.standing is not Standing.WAITING:
        return None
    return _by("ix_customer_waits", select(Customer.seq).where(Customer.waits_from <= clock.now()))


class _Rows:
    """A list that the database itself counts and sorts.

    Args:
        index: For SQLite, whose planner cannot know how few rows there are.
        counted_by: Another index, which counts them faster.
        total: How many there are, if that is known.
    """

    def __init__(
        self,
        filters: CustomerFilter,
        zone: tzinfo,
        *,
        cap: int | None = None,
        index: str | None = None,
        counted_by: str | None = None,
        total: int | None = None,
    ) -> None:
        parts = [*conditions.restrictions(filters, zone), *conditions.matches(filters.understood)]
        self._wanted, self._cap, self._known = filters, cap, total
        self._deadline = Deadline() if filters.understood.terms else None
        query = select(Customer.seq).where(*parts)
        self._found, self._counted = _by(index, query), _by(counted_by or index, query)

    @cached_property
    def total(self) -> int:
        if self._known is not None:
            return self._known
        query = self._counted.with_only_columns(literal(1), maintain_column_froms=True).limit(
            None if self._cap is None else self._cap + 1
        )
        with self._in_time():
            return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0

    def seqs(self, first: int, most: int) -> list[int]:
        """A search is read in order; any other list is read from its nearer end."""
        if self._wanted.understood.terms or first + most <= self.total // 2:
            return self._sorted(conditions.order(self._wanted), first, most)
        rows = self._sorted(
            conditions.ORDERS[self._wanted.sort.opposite], self.total - first - most, most
        )
        return rows[::-1]

    def _sorted(self, order: tuple[Any, ...], first: int, most: int) -> list[int]:
        with self._in_time():
            return list(db.session.scalars(self._found.order_by(*order).offset(first).limit(most)))

    def _in_time(self) -> AbstractContextManager[None]:
        return self._deadline.kept() if self._deadline else nullcontext()


def _cheapest(costs: dict[str, float]) -> str | None:
    return min(costs, key=lambda name: costs[name], default=None)


def _by(index: str | None, query: Select[Any]) -> Select[Any]:
    return query.with_hint(Customer, f"INDEXED BY {index}", "sqlite") if index else query


class _Blocks:
    """A list read along the index of its order, with the help of block counts."""

    def __init__(self, filters: CustomerFilter, zone: tzinfo) -> None:
        blacklisted = None if filters.standing is None else filters.standing is not Standing.GOOD
        self.subset = Subset(filters.dial_code, blacklisted)
        self.sort, self.reversed = _sort_of(filters)
        self._everybody, self._zone = replace(filters, standing=None, dial_code=None), zone
        self._begin, self._end = conditions.created_range(filters, zone)

    @cached_property
    def total(self) -> int:
        return max(0, self._behind - self._before)

    @cached_property
    def _before(self) -> int:
        """How many of the subset were created before the range."""
        return self._created_before(self._begin) if self._begin else 0

    @cached_property
    def _behind(self) -> int:
        return self._created_before(self._end) if self._end else self._ever

    @cached_property
    def _totals(self) -> Totals:
        return page_counts.totals(db.session.connection(), self.subset.dial_code)

    @property
    def _ever(self) -> int:
        return self._totals.of(self.subset)

    def _created_before(self, moment: Any) -> int:
        return page_counts.created_before(
            db.session.connection(), self.subset, clock.to_milliseconds(moment)
        )

    def seqs(self, first: int, most: int) -> list[int]:
        place = max(0, self.total - first - most) if self.reversed else first
        place += self._before
        rows = page_counts.seqs(
            db.session.connection(), self.sort, self.subset, place, most, of=self._ever
        )
        return rows[::-1] if self.reversed else rows

    def quicker_index(self, first: int, most: int) -> str | None:
        """The index that finds `most` rows from the `first`-th on
        sooner than the counts of blocks do, if there is one.
        """
        passed_by_each = self._in_range / max(1, self.total)
        from_the_nearer_end = min(first, max(0, self.total - first - most)) + most
        costs = self._costs(min(1.0, from_the_nearer_end / max(1, self.total)))
        # `ix_customer_<sort>` lacks `waits_from`, so it cannot serve the blacklisted; and names of
        # one dial code stand together in an index of their own.
        if not self.subset.blacklisted and not (self.subset.dial_code and self.sort == "name"):
            costs[f"ix_customer_{self.sort}"] = from_the_nearer_end * passed_by_each
        by_blocks = most * passed_by_each + page_counts.RUN
        return _cheapest({name: cost for name, cost in costs.items() if cost < by_blocks})

    def cheapest_index(self) -> str | None:
        return _cheapest(self._costs())

    def _costs(self, share: float = 1.0) -> dict[str, float]:
        """The cost of each index in entries read: all, or a share if it is sorted like the list."""
        costs = dict[str, float]()
        if self.subset.dial_code:
            costs["ix_customer_dial_code_name"] = self._cost_by_dial_code(share)
        if self.subset.blacklisted:
            everywhere = self._totals.of(Subset(blacklisted=True))
            costs[f"ix_customer_waits_{self.sort}"] = everywhere * share
        if self._begin or self._end:
            costs["ix_customer_created"] = self._in_range
        return costs

    def _cost_by_dial_code(self, share: float) -> float:
        """Its index is sorted by name. For any other order, and for the blacklisted, rows must be
        read as well.
        """
        in_order = self.sort == "name"
        rows = self._of_dial_code if self.subset.blacklisted else 0 if in_order else self._ever
        return (self._of_dial_code + rows * ROW_READ_COST) * (share if in_order else 1.0)

    @property
    def _of_dial_code(self) -> int:
        """How many customers have the dial code, whatever their standing."""
        return self._totals.of(Subset(self.subset.dial_code))

    @cached_property
    def _in_range(self) -> int:
        """How many customers were created in the range, whatever their standing or dial code."""
        if self.subset == Subset():
            return self.total
        if self._begin or self._end:
            return _Blocks(self._everybody, self._zone).total
        return self._of_all

    @property
    def _of_all(self) -> int:
        return self._totals.of(Subset())

    @property
    def marks(self) -> list[str]:
        """The marks that all of them have in the search index, and few others."""
        present = [BLACKLISTED_MARK] if self.subset.blacklisted else []
        dial_code = self.subset.dial_code
        if dial_code and self._of_dial_code < SHARE_WORTH_A_MARK * self._of_all:
            present.append(dial_code_mark(dial_code))
        return present
