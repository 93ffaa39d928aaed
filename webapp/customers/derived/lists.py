"""How a list is read: in the quickest of the ways that its engine and its size allow."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import tzinfo
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import func, literal, select

from webapp import clock
from webapp.customers import conditions
from webapp.customers.derived import blocks
from webapp.customers.derived.blocks import Subset
from webapp.customers.derived.deadline import Deadline
from webapp.customers.derived.searches import Searched
from webapp.customers.derived.trigrams import BLACKLISTED_MARK, dial_code_mark
from webapp.customers.derived.upkeep import has_tables
from webapp.customers.models import Customer
from webapp.customers.wanted import Search, Standing
from webapp.database import db

# To read one row by itself costs as much as to pass by so many along an order.
PASSED_BY = 40
# An order is gone along so far without asking whether there is a quicker way.
WORTH_A_THOUGHT = 10_000
# So few are looked through sooner than the search index is asked.
FEW_TO_SEARCH = 1_000
# A dial code of more than this share of all customers is no help to the search index.
SHARE_WORTH_A_MARK = 0.1


class List(Protocol):
    """The customers that were asked for, in order.

    Attributes:
        total: How many; of a search one more than its cap at most.
    """

    @property
    def total(self) -> int: ...

    def seqs(self, first: int, most: int) -> list[int]:
        """The numbers of customers from the `first`-th on, from 0."""


def list_of(wanted: Search, zone: tzinfo, *, cap: int) -> List:
    """The way to read this list.

    Args:
        cap: How many a search finds at most.
    """
    searched = bool(wanted.understood.terms)
    most = cap if searched else None
    if wanted.email or not has_tables(db.session.connection()):
        return _Rows(wanted, zone, cap=most)
    if wanted.standing is Standing.WAITING and not searched:
        return _Rows(wanted, zone, index=f"ix_customer_waits_{_sort_of(wanted)[0]}")
    along = _Blocks(wanted, zone)
    if searched and along.total <= FEW_TO_SEARCH:
        return _Rows(wanted, zone, cap=most, index=along.cheapest_index())
    if searched:
        return Searched(wanted, zone, cap, along.marks)
    index = along.index_of_few(wanted.rows)
    return _Rows(wanted, zone, index=index) if index else along


def _sort_of(wanted: Search) -> tuple[str, bool]:
    """The name of an order, as indexes and block counts have it, and whether it is reversed."""
    name, reversed_ = wanted.sort.lstrip("-"), wanted.sort.startswith("-")
    return {"changed": "updated"}.get(name, name), reversed_


class _Rows:
    """Counted and sorted by the database itself.

    Args:
        index: Of SQLite, where its planner would not know how few there are.
    """

    def __init__(self, wanted: Search, zone: tzinfo, *, cap: int | None = None, index: str | None = None) -> None:
        said = [*conditions.filters(wanted, zone), *conditions.matches(wanted.understood)]
        self._order = conditions.order(wanted)
        self._cap = cap
        self._deadline = Deadline() if wanted.understood.terms else None
        self._found = select(Customer.seq).where(*said)
        if index:
            self._found = self._found.with_hint(Customer, f"INDEXED BY {index}", "sqlite")

    @cached_property
    def total(self) -> int:
        found = self._found.with_only_columns(literal(1), maintain_column_froms=True).limit(
            None if self._cap is None else self._cap + 1
        )
        with self._in_time():
            return db.session.scalar(select(func.count()).select_from(found.subquery())) or 0

    def seqs(self, first: int, most: int) -> list[int]:
        with self._in_time():
            return list(db.session.scalars(self._found.order_by(*self._order).offset(first).limit(most)))

    def _in_time(self) -> AbstractContextManager[None]:
        return self._deadline.kept() if self._deadline else nullcontext()


class _Blocks:
    """Found along an order, by the counts of its blocks."""

    def __init__(self, wanted: Search, zone: tzinfo) -> None:
        blacklisted = None if wanted.standing is None else wanted.standing is not Standing.GOOD
        self.whose = Subset(wanted.dial_code, blacklisted)
        self.sort, self.reversed = _sort_of(wanted)
        self._everybody, self._zone = replace(wanted, standing=None, dial_code=None), zone
        self._begin, self._end = conditions.created_range(wanted, zone)

    @cached_property
    def total(self) -> int:
        return max(0, self._behind - self._before)

    @cached_property
    def _before(self) -> int:
        """How many were created before the first of them."""
        return self._created_before(self._begin) if self._begin else 0

    @cached_property
    def _behind(self) -> int:
        connection = db.session.connection()
        return self._created_before(self._end) if self._end else blocks.count(connection, self.whose)

    def _created_before(self, moment: Any) -> int:
        return blocks.created_before(db.session.connection(), self.whose, clock.to_milliseconds(moment))

    def seqs(self, first: int, most: int) -> list[int]:
        place = max(0, self.total - first - most) if self.reversed else first
        found = blocks.seqs(db.session.connection(), self.sort, self.whose, self._before + place, most)
        return found[::-1] if self.reversed else found

    def index_of_few(self, most: int) -> str | None:
        """By which all of them are read and sorted sooner than the first `most` are found along an order, if by any."""
        passed_by = most * self._in_range // max(1, self.total)
        if passed_by <= WORTH_A_THOUGHT:
            return None
        costs = self._costs()
        index = min(costs, key=lambda name: costs[name])
        return index if costs[index] < passed_by else None

    def cheapest_index(self) -> str | None:
        costs = self._costs()
        return min(costs, key=lambda name: costs[name]) if costs else None

    def _costs(self) -> dict[str, int]:
        """How many entries each index has to pass by."""
        connection, costs = db.session.connection(), {}
        if self.whose.dial_code:
            costs["ix_customer_dial_code"] = blocks.count(connection, self.whose) * PASSED_BY
        if self.whose.blacklisted:
            costs["ix_customer_waits"] = blocks.count(connection, Subset(blacklisted=True))
        if self._begin or self._end:
            costs["ix_customer_created"] = self._in_range
        return costs

    @cached_property
    def _in_range(self) -> int:
        """Everybody who was created then, whoever they are."""
        if self.whose == Subset():
            return self.total
        return _Blocks(self._everybody, self._zone).total if self._begin or self._end else self._of_all

    @property
    def _of_all(self) -> int:
        return blocks.count(db.session.connection(), Subset())

    @property
    def marks(self) -> list[str]:
        """What the search index has for all of them, and for few others."""
        found = [BLACKLISTED_MARK] if self.whose.blacklisted else []
        dial_code = self.whose.dial_code
        if dial_code and blocks.count(db.session.connection(), Subset(dial_code)) < SHARE_WORTH_A_MARK * self._of_all:
            found.append(dial_code_mark(dial_code))
        return found
