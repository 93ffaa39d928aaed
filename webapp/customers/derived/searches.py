"""Searches in a large book on SQLite: what the search index finds, newest first, up to a cap and within a time."""

from collections.abc import Sequence
from datetime import tzinfo
from functools import cached_property
from math import isqrt

from sqlalchemy import ColumnElement, Select, func, select

from webapp.customers import conditions
from webapp.customers.conditions import ANYWHERE, AT_BEGINNINGS
from webapp.customers.derived import blocks, trigrams
from webapp.customers.derived.blocks import Subset
from webapp.customers.derived.deadline import Deadline
from webapp.customers.models import Customer
from webapp.customers.wanted import Search, Sort
from webapp.database import db

# To read one row by itself costs as much as to pass by so many in the order of creation.
PASSED_BY = 3
_REFERENCES = "INDEXED BY uq_customer_reference_lower"
Way = Select[int]


class Searched:
    """Who was found.

    Args:
        cap: At most so many, and one more that shows that there are.
        marks: Of the index, which everybody who is wanted has.
    """

    def __init__(self, wanted: Search, zone: tzinfo, cap: int, marks: Sequence[str]) -> None:
        self._marks = marks
        self._query, self._cap, self._is_ranked = wanted.understood, cap, wanted.ranked
        self._oldest_first = not wanted.ranked and wanted.sort is Sort.OLDEST
        # An expression IS TRUE uses no index; without statistics SQLite would take one of these before a better one.
        self._filters = [condition.self_group().is_(True) for condition in conditions.filters(wanted, zone)]
        self._rank = conditions.rank(self._query)
        self._deadline = Deadline()

    @property
    def total(self) -> int:
        """Raises `SearchTooWide`, as `seqs` does."""
        return len(self._newest)

    def seqs(self, first: int, most: int) -> list[int]:
        if not self._is_ranked:
            return self._newest[first : first + most]
        with self._deadline.kept():
            return self._best(first + most)[first:]

    @cached_property
    def _newest(self) -> list[int]:
        with self._deadline.kept():
            return self._merged(self._cap + 1, [self._anywhere(), *self._handles()])

    def _best(self, most: int) -> list[int]:
        """Those who match best. If all are known they are sorted, else those of each rank are sought in turn."""
        if self.total <= self._cap:
            known = select(Customer.seq).where(Customer.seq.in_(self._newest))
            return list(db.session.scalars(known.order_by(self._rank, Customer.seq.desc()).limit(most)))
        found = self._merged(most, [self._only(way) for way in conditions.exact(self._query)])
        if len(found) < most:
            at_beginnings = self._rank == AT_BEGINNINGS
            found += self._merged(most, [self._at_beginnings(at_beginnings), *self._handles(at_beginnings)])
        if len(found) < most:
            found += self._merged(most, [self._anywhere(self._rank == ANYWHERE)])
        return found[:most]

    def _merged(self, most: int, ways: list[Way]) -> list[int]:
        """The newest, or the oldest, of those found in several ways."""
        found: set[int] = set()
        for way in ways:
            seq = way.selected_columns[0]
            found.update(db.session.scalars(way.order_by(seq if self._oldest_first else seq.desc()).limit(most)))
        return sorted(found, reverse=not self._oldest_first)[:most]

    def _anywhere(self, *more: ColumnElement[bool]) -> Way:
        return self._by_index(trigrams.everywhere(db.session.connection(), self._query, self._marks), *more)

    def _at_beginnings(self, *more: ColumnElement[bool]) -> Way:
        return self._by_index(trigrams.at_beginnings(db.session.connection(), self._query, self._marks), *more)

    def _by_index(self, expression: str, *more: ColumnElement[bool]) -> Way:
        return trigrams.candidates(expression, conditions.all_found(self._query), *self._filters, *more)

    def _handles(self, *more: ColumnElement[bool]) -> list[Way]:
        """By the beginning of an id or a reference: from its index, or along all where it says very little."""
        ways = []
        if self._query.id_range:
            ways.append(self._only(Customer.id.between(*self._query.id_range), *more))
        if self._query.reference:
            begins = conditions.reference_begins(self._query.reference)
            way = self._only(begins, *more)
            along_all = way.with_hint(Customer, "NOT INDEXED", "sqlite")
            ways.append(_by_reference(way) if self._are_few(begins) else along_all)
        return ways

    def _are_few(self, begins: ColumnElement[bool]) -> bool:
        """Whether references that begin so are read from their index sooner than along all customers."""
        everybody = blocks.count(db.session.connection(), Subset())
        most = isqrt(self._cap * everybody // PASSED_BY)
        return _count(_by_reference(select(Customer.seq).where(begins)).limit(most + 1)) <= most

    def _only(self, *those: ColumnElement[bool]) -> Way:
        return select(Customer.seq).where(*self._filters, *those)


def _by_reference(way: Way) -> Way:
    return way.with_hint(Customer, _REFERENCES, "sqlite")


def _count(way: Way) -> int:
    return db.session.scalar(select(func.count()).select_from(way.subquery())) or 0
