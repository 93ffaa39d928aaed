"""The search index on SQLite: FTS5 over the searchable text of each customer, three characters at a time.

The index narrows down who may match; the conditions of the search, which hold on both engines, decide. So what the
index is asked for may be less than was typed: of each part its rarest trigrams, until few customers should have all.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import ColumnElement, Connection, Select, column, literal_column, select, table

from webapp.customers.folding import WORD_START, sought, sought_at_beginnings
from webapp.customers.models import Customer
from webapp.customers.query import Query

SAMPLE = 2_000
TRIGRAM = 3
# At so few candidates their rows are read sooner than another list of the index.
FEW_CANDIDATES = 100
BLACKLISTED_MARK = WORD_START + chr(0xF000)
_INDEX = table("customer_search", column("rowid"))
_samples: dict[tuple[str, int], "_Sample"] = {}


@dataclass(frozen=True)
class _Sample:
    """How many customers of a sample have a trigram, and how many there are in the sample and in the book."""

    counts: Counter[str]
    size: int
    everybody: int

    def rarest(self, trigrams: set[str]) -> list[str]:
        """The rarest of some trigrams, until few customers should have all."""
        wanted: list[str] = []
        candidates = float(self.everybody)
        for trigram in sorted(trigrams, key=lambda trigram: (self.counts[trigram], trigram)):
            if wanted and candidates <= FEW_CANDIDATES:
                break
            wanted.append(trigram)
            candidates *= max(1, self.counts[trigram]) / self.size
        return wanted


def candidates(expression: str, *conditions: ColumnElement[bool]) -> Select[int]:
    """The numbers of customers whom the index finds and the conditions let through.

    The order of `seq` costs nothing here, in both directions: the index holds it.
    """
    matches = literal_column("customer_search").op("MATCH")(expression)
    # The plus hides the rowid from the planner, so that it reads the index first whatever else there is to choose from.
    hit: ColumnElement[int] = literal_column("+customer_search.rowid")
    found = select(_INDEX.c.rowid).select_from(_INDEX.join(Customer, Customer.seq == hit))
    return found.where(matches, *conditions)


def indexed(search: str, dial_code: str | None, *, blacklisted: bool) -> str:
    """What is indexed of a customer: searchable text and marks. The view `customer_searched` says the same."""
    marks = [*([dial_code_mark(dial_code)] if dial_code else []), *([BLACKLISTED_MARK] if blacklisted else [])]
    return search + "".join(marks)


def dial_code_mark(dial_code: str) -> str:
    """A trigram that everybody with this dial code has, with a letter for private use that is in nobody's name."""
    return WORD_START + chr(0xE000 + int(dial_code))


def everywhere(connection: Connection, query: Query, marks: Sequence[str]) -> str:
    """What finds everybody with these marks in whom every term stands, in FTS5's language."""
    return _marked(_all(connection, [[sought(part) for part in term] for term in query.terms]), marks)


def at_beginnings(connection: Connection, query: Query, marks: Sequence[str]) -> str:
    """The same for everybody in whom every term begins a word, or a phone may end with the digits."""
    starts = _all(connection, [[sought_at_beginnings(part) for part in term] for term in query.terms])
    if query.digits:
        digits = _all(connection, [[sought(part) for part in query.digits]])
        starts = f"({starts}) OR ({digits})"
    return _marked(starts, marks)


def _marked(expression: str, marks: Sequence[str]) -> str:
    return " AND ".join([f"({expression})", *(_quoted(mark) for mark in marks)])


def _all(connection: Connection, terms: list[list[str]]) -> str:
    sample = _sampled(connection)
    ways = [" OR ".join(f"({_narrowed(part, sample)})" for part in term) for term in terms]
    return " AND ".join(f"({way})" for way in ways)


def _narrowed(part: str, sample: _Sample) -> str:
    wanted = dict.fromkeys([*sample.rarest(_trigrams(part)), *_beginnings(part)])
    return " AND ".join(_quoted(trigram) for trigram in wanted)


def _beginnings(part: str) -> list[str]:
    """What tells that a word begins so: the last space before it and its first two letters."""
    return [part[1 : 1 + TRIGRAM]] if part.startswith(WORD_START) and len(part) > TRIGRAM else []


def _trigrams(text: str) -> set[str]:
    return {text[at : at + TRIGRAM] for at in range(len(text) - TRIGRAM + 1)}


def _quoted(trigram: str) -> str:
    return '"' + trigram.replace('"', '""') + '"'


def _sampled(connection: Connection) -> _Sample:
    """The present sample; taken anew when the book has doubled."""
    last = connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM customer").scalar() or 0
    known_as = (str(connection.engine.url), last.bit_length())
    if known_as not in _samples:
        texts = _some(connection, last)
        counts = Counter(trigram for text in texts for trigram in _trigrams(text))
        _samples[known_as] = _Sample(counts, max(1, len(texts)), last)
    return _samples[known_as]


def _some(connection: Connection, last: int) -> list[str]:
    seqs = Random(last).sample(range(1, last + 1), min(last, SAMPLE))  # noqa: S311 - a sample is no secret
    marks = ",".join("?" * len(seqs))
    texts = connection.exec_driver_sql(f"SELECT search FROM customer WHERE seq IN ({marks})", tuple(seqs))
    return list(texts.scalars())
