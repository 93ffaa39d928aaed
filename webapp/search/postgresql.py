"""Searches on PostgreSQL, which has a trigram index of its own (`pg_trgm`).

The planner cannot tell whether many or few customers match, and a wrong guess costs seconds. So the
newest customers are scanned first, which is enough if many match, and more of them if some do; if
few do, they are then found by the index alone and sorted.
"""

from functools import cached_property

from sqlalchemy import ColumnElement, Select, func, select

from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.search import conditions
from webapp.search.query import Query
from webapp.search.timeout import Deadline

LOOKED_THROUGH = 20_000
MOST_LOOKED_THROUGH = 200_000
MARGIN = 1.3


class PlannedIndex:
    """Leaves the choice of index to PostgreSQL's planner."""

    def anywhere(self, query: Query, *more: ColumnElement[bool]) -> Select[int]:
        return select(Customer.seq).where(conditions.all_found(query), *more)

    at_beginnings = anywhere

    def by_reference(self, begins: ColumnElement[bool], way: Select[int]) -> Select[int]:  # noqa: ARG002
        return way

    def first(self, way: Select[int], most: int, *, oldest: bool, deadline: Deadline) -> list[int]:
        number = LOOKED_THROUGH
        while number <= MOST_LOOKED_THROUGH:
            near = Customer.seq <= number if oldest else Customer.seq > self._last - number
            rows = deadline.first(way.where(near), Customer.seq, most, oldest=oldest)
            if len(rows) == most or number >= self._last:
                return rows
            number = _enough(number, len(rows), most)
        everybody = way.cte("found").prefix_with("MATERIALIZED").c.seq
        return deadline.first(select(everybody), everybody, most, oldest=oldest)

    @cached_property
    def _last(self) -> int:
        return db.session.scalar(select(func.max(Customer.seq))) or 0


def _enough(number: int, matches: int, most: int) -> int:
    """How many customers to look through for so many matches, if they go on as they began."""
    return int(number * most / max(1, matches) * MARGIN) + 1
