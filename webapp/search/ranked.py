"""Searches in a large book: what its index finds, up to a cap and within a deadline."""

from datetime import tzinfo
from functools import cached_property
from typing import Protocol

from sqlalchemy import ColumnElement, Select, select

from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.search import conditions
from webapp.search.conditions import ANYWHERE, AT_BEGINNINGS
from webapp.search.filters import CustomerFilter, Sort, Standing
from webapp.search.query import Query
from webapp.search.timeout import Deadline

Way = Select[int]


class Index(Protocol):
    """How a database engine finds text."""

    def anywhere(self, query: Query, *conditions: ColumnElement[bool]) -> Way:
        """Everybody whose text contains every term, and who meets the conditions."""

    def at_beginnings(self, query: Query, *conditions: ColumnElement[bool]) -> Way:
        """Everybody in whose text every term may begin a word; the conditions decide."""

    def by_reference(self, begins: ColumnElement[bool], way: Way) -> Way:
        """The quickest way to read those whose reference begins like this."""

    def first(self, way: Way, most: int, *, oldest: bool, deadline: Deadline) -> list[int]:
        """The newest customers that a query finds, or the oldest, within the deadline."""


class RankedResults:
    """The results of a search.

    Args:
        cap: How many to find at most; one more is read to show that there are more.
    """

    def __init__(self, filters: CustomerFilter, zone: tzinfo, cap: int, index: Index) -> None:
        self._index = index
        self._query, self._cap, self._is_ranked = filters.understood, cap, filters.ranked
        self._oldest_first = not filters.ranked and filters.sort is Sort.OLDEST
        # `… IS TRUE` keeps SQLite from using an index for these filters: without statistics it
        # would prefer that to a better one.
        self._filters = [
            condition.self_group().is_(True) for condition in conditions.restrictions(filters, zone)
        ]
        # In the words of the index of their references.
        is_listed = filters.standing in (Standing.BLACKLISTED, Standing.WAITING)
        self._listed = [Customer.waits_from.is_not(None)] if is_listed else []
        self._rank = conditions.rank(self._query)
        self._deadline = Deadline()

    @property
    def total(self) -> int:
        """How many were found, at most the cap plus one; raises `SearchTooWide`, as does `seqs`."""
        return len(self._newest)

    def seqs(self, first: int, most: int) -> list[int]:
        return (
            self._best(first + most)[first:]
            if self._is_ranked
            else self._newest[first : first + most]
        )

    @cached_property
    def _newest(self) -> list[int]:
        return self._merged(self._cap + 1, [self._anywhere(), *self._handles()])

    def _best(self, most: int) -> list[int]:
        """The best matches: up to the cap, all are sorted; beyond it, each rank is searched in
        turn.
        """
        if self.total <= self._cap:
            known = select(Customer.seq).where(Customer.seq.in_(self._newest))
            with self._deadline.kept():
                return list(
                    db.session.scalars(known.order_by(self._rank, Customer.seq.desc()).limit(most))
                )
        seqs = self._merged(most, [self._only(way) for way in conditions.exact(self._query)])
        if len(seqs) < most:
            at_beginnings = self._rank == AT_BEGINNINGS
            seqs += self._merged(
                most, [self._at_beginnings(at_beginnings), *self._handles(at_beginnings)]
            )
        if len(seqs) < most:
            seqs += self._merged(most, [self._anywhere(self._rank == ANYWHERE)])
        return seqs[:most]

    def _merged(self, most: int, ways: list[Way]) -> list[int]:
        """The newest, or the oldest, of the union of several queries."""
        seqs: set[int] = set()
        for way in ways:
            seqs.update(
                self._index.first(way, most, oldest=self._oldest_first, deadline=self._deadline)
            )
        return sorted(seqs, reverse=not self._oldest_first)[:most]

    def _anywhere(self, *more: ColumnElement[bool]) -> Way:
        return self._index.anywhere(self._query, *self._filters, *more)

    def _at_beginnings(self, *more: ColumnElement[bool]) -> Way:
        return self._index.at_beginnings(self._query, *self._filters, *more)

    def _handles(self, *more: ColumnElement[bool]) -> list[Way]:
        """By the beginning of a reference, either end of an id, or an address."""
        ways = []
        if self._query.id_range:
            ways.append(self._only(Customer.id.between(*self._query.id_range), *more))
        if self._query.id_end:
            ways.append(self._only(conditions.id_ends(self._query.id_end), *more))
        if self._query.email_key:
            ways.append(self._only(Customer.email_key == self._query.email_key, *more))
        for text in self._query.references:
            begins = conditions.reference_begins(text)
            way = self._only(begins, *self._listed, *more)
            ways.append(self._index.by_reference(begins, way))
        if self._query.survivors:
            ways.append(self._only(Customer.seq.in_(self._query.survivors), *more))
        return ways

    def _only(self, *those: ColumnElement[bool]) -> Way:
        return select(Customer.seq).where(*self._filters, *those)
