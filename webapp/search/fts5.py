"""The search index on SQLite: FTS5 with trigrams over each customer's searchable text.

The index only narrows down the candidates; the conditions of the search, the same on both engines,
decide. So the index may be asked for less than was typed: only the rarest trigrams of each part,
until few customers are expected to have them all.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from random import Random

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    column,
    func,
    literal_column,
    select,
    table,
)

from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.kernel.folding import WORD_START, sought, sought_at_beginnings
from webapp.search import conditions
from webapp.search.paging import page_counts
from webapp.search.paging.page_counts import Subset
from webapp.search.query import Query
from webapp.search.timeout import Deadline

SAMPLE = 2_000
NEIGHBOURS = 20
TRIGRAM = 3
# With so few candidates, reading their rows is faster than reading another posting list.
FEW_CANDIDATES = 100
BLACKLISTED_MARK = WORD_START + chr(0xF000)
# Cost model: one row read costs as much as skipping this many rows in order of creation.
ROW_READ_COST = 3
_REFERENCES = "INDEXED BY uq_customer_reference_lower"
_REFERENCES_OF_LISTED = "INDEXED BY ix_customer_waits_reference"
_INDEX = table("customer_search", column("rowid"))
# The unary plus hides the rowid from the planner, so that it always starts from the search index.
_HIT: ColumnElement[int] = literal_column("+customer_search.rowid")
_samples: dict[tuple[str, int], "_Sample"] = {}


@dataclass(frozen=True)
class _Sample:
    """How many customers of a sample have each trigram, and the sizes of sample and book."""

    counts: Counter[str]
    size: int
    everybody: int

    def rarest(self, trigrams: set[str]) -> list[str]:
        """The rarest of some trigrams, until few customers are expected to have them all."""
        chosen: list[str] = []
        candidates = float(self.everybody)
        for trigram in sorted(trigrams, key=lambda trigram: (self.counts[trigram], trigram)):
            if chosen and candidates <= FEW_CANDIDATES:
                break
            chosen.append(trigram)
            candidates *= max(1, self.counts[trigram]) / self.size
        return chosen


class TrigramIndex:
    """The search index of SQLite.

    Args:
        cap: How many a search finds at most.
        marks: Trigrams that every customer in the list has.
        among: Restricts the search to these `seq`, if another index knows them; no other row is
            read.
    """

    def __init__(self, cap: int, marks: Sequence[str], among: Select[int] | None) -> None:
        self._connection, self._cap, self._marks = db.session.connection(), cap, marks
        self._among = [] if among is None else [_HIT.in_(among.correlate(None))]

    def anywhere(self, query: Query, *more: ColumnElement[bool]) -> Select[int]:
        parts = _all(self._connection, [[sought(part) for part in term] for term in query.terms])
        if not more and _is_told_by_trigrams(query):
            return select(_INDEX.c.rowid).where(_matching(parts))
        return self._candidates(parts, conditions.all_found(query), *more)

    def at_beginnings(self, query: Query, *more: ColumnElement[bool]) -> Select[int]:
        """Also finds the digits inside a phone; the conditions keep those that end with them."""
        starts = _all(
            self._connection,
            [[sought_at_beginnings(part) for part in term] for term in query.terms],
        )
        if query.digits:
            digits = _all(self._connection, [[sought(part) for part in query.digits]])
            starts = f"({starts}) OR ({digits})"
        return self._candidates(starts, conditions.all_found(query), *more)

    def _candidates(self, expression: str, *those: ColumnElement[bool]) -> Select[int]:
        """The `seq` of customers whom the index finds and the conditions accept.

        Sorting by `seq` is free in either direction: FTS5 returns rows in rowid order.
        """
        rows = select(_INDEX.c.rowid).select_from(_INDEX.join(Customer, Customer.seq == _HIT))
        return rows.where(_matching(_marked(expression, self._marks)), *self._among, *those)

    def by_reference(self, begins: ColumnElement[bool], way: Select[int]) -> Select[int]:
        """Use the index of references, that of the blacklisted or of all; or scan all customers
        where too many match.
        """
        is_listed = BLACKLISTED_MARK in self._marks
        few = select(Customer.seq).where(begins)
        if is_listed:
            few = few.where(Customer.waits_from.is_not(None))
        index = _REFERENCES_OF_LISTED if is_listed else _REFERENCES
        few = few.with_hint(Customer, index, "sqlite")
        return way.with_hint(Customer, index if self._are_few(few) else "NOT INDEXED", "sqlite")

    def first(self, way: Select[int], most: int, *, oldest: bool, deadline: Deadline) -> list[int]:
        return deadline.first(way, way.selected_columns[0], most, oldest=oldest)

    def _are_few(self, some: Select[int]) -> bool:
        """Whether reading these by an index and sorting them is faster than a full scan."""
        everybody = page_counts.count(self._connection, Subset())
        most = isqrt(self._cap * everybody // ROW_READ_COST)
        few = some.limit(most + 1).subquery()
        return (db.session.scalar(select(func.count()).select_from(few)) or 0) <= most


def _matching(expression: str) -> ColumnElement[bool]:
    return literal_column("customer_search").op("MATCH")(expression)


def _is_told_by_trigrams(query: Query) -> bool:
    """Whether the index alone decides, so that no row need be read: three letters are one trigram,
    and so are one or two with the spaces before them.

    The two spaces before a word always stand together, so for two letters the second is enough.
    Marks are excluded: their private-use characters are not printable.
    """
    return all(len(part) <= TRIGRAM and part.isprintable() for term in query.terms for part in term)


def indexed(search: str, dial_code: str | None, *, blacklisted: bool) -> str:
    """What is indexed of a customer: searchable text and marks, as in view `customer_searched`."""
    marks = [
        *([dial_code_mark(dial_code)] if dial_code else []),
        *([BLACKLISTED_MARK] if blacklisted else []),
    ]
    return search + "".join(marks)


def dial_code_mark(dial_code: str) -> str:
    """A trigram for everybody with this dial code; its private-use character is in no name."""
    return WORD_START + chr(0xE000 + int(dial_code))


def _marked(expression: str, marks: Sequence[str]) -> str:
    return " AND ".join([f"({expression})", *(_quoted(mark) for mark in marks)])


def _all(connection: Connection, terms: list[list[str]]) -> str:
    sample = _sampled(connection)
    ways = [" OR ".join(f"({_narrowed(part, sample)})" for part in term) for term in terms]
    return " AND ".join(f"({way})" for way in ways)


def _narrowed(part: str, sample: _Sample) -> str:
    trigrams = dict.fromkeys([*sample.rarest(_trigrams(part)), *_beginnings(part)])
    return " AND ".join(_quoted(trigram) for trigram in trigrams)


def _beginnings(part: str) -> list[str]:
    """The trigram of a word's beginning: the second space before it and its first two letters."""
    return [part[1 : 1 + TRIGRAM]] if part.startswith(WORD_START) and len(part) > TRIGRAM else []


def _trigrams(text: str) -> set[str]:
    return {text[at : at + TRIGRAM] for at in range(len(text) - TRIGRAM + 1)}


def _quoted(trigram: str) -> str:
    return '"' + trigram.replace('"', '""') + '"'


def _sampled(connection: Connection) -> _Sample:
    """The current sample; taken again when the book has doubled."""
    last = connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM customer").scalar() or 0
    known_as = (str(connection.engine.url), last.bit_length())
    if known_as not in _samples:
        texts = _some(connection, last)
        counts = Counter(trigram for text in texts for trigram in _trigrams(text))
        _samples[known_as] = _Sample(counts, max(1, len(texts)), last)
    return _samples[known_as]


def _some(connection: Connection, last: int) -> list[str]:
    """A random sample, in runs of neighbours so that the first search reads few disk pages."""
    starts = Random(last).sample(range(1, last + 1), min(last, SAMPLE // NEIGHBOURS))  # noqa: S311 - no secret
    seqs = [start + n for start in starts for n in range(NEIGHBOURS)]
    marks = ",".join("?" * len(seqs))
    texts = connection.exec_driver_sql(
        f"SELECT search FROM customer WHERE seq IN ({marks})", tuple(seqs)
    )
    return list(texts.scalars())
