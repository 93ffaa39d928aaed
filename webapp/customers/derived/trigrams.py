"""The search index on SQLite: FTS5 over the searchable text of each customer, three characters at a time.

The index narrows down who may match; the conditions of the search, which hold on both engines, decide. So what the
index is asked for may be less than was typed: of each part only its two rarest trigrams.
"""

from collections import Counter

from sqlalchemy import ColumnElement, Connection, Select, column, literal_column, select, table

from webapp.customers.folding import WORD_START, sought
from webapp.customers.models import Customer
from webapp.customers.query import Query

SAMPLE = 2_000
TRIGRAM = 3
TRIGRAMS_ASKED_FOR = 2
_INDEX = table("customer_search", column("rowid"))
_samples: dict[tuple[str, int], Counter[str]] = {}


def candidates(expression: str, *conditions: ColumnElement[bool]) -> Select[int]:
    """The numbers of customers whom the index finds and the conditions let through.

    The order of `seq` costs nothing here, in both directions: the index holds it.
    """
    matches = literal_column("customer_search").op("MATCH")(expression)
    found = select(_INDEX.c.rowid).select_from(_INDEX.join(Customer, Customer.seq == _INDEX.c.rowid))
    return found.where(matches, *conditions)


def everywhere(connection: Connection, query: Query) -> str:
    """What finds everybody in whom every term stands, in FTS5's language."""
    return _all(connection, [[sought(part) for part in term] for term in query.terms])


def at_beginnings(connection: Connection, query: Query) -> str:
    """The same for everybody in whom every term begins a word, or a phone may end with the digits."""
    starts = _all(connection, [[WORD_START + part for part in term] for term in query.terms])
    if not query.digits:
        return starts
    digits = _all(connection, [[sought(part) for part in query.digits]])
    return f"({starts}) OR ({digits})"


def _all(connection: Connection, terms: list[list[str]]) -> str:
    counts = _sampled(connection)
    ways = [" OR ".join(f"({_rarest(part, counts)})" for part in term) for term in terms]
    return " AND ".join(f"({way})" for way in ways)


def _rarest(part: str, counts: Counter[str]) -> str:
    found = sorted(_trigrams(part), key=lambda trigram: (counts[trigram], trigram))
    return " AND ".join(_quoted(trigram) for trigram in found[:TRIGRAMS_ASKED_FOR])


def _trigrams(text: str) -> set[str]:
    return {text[at : at + TRIGRAM] for at in range(len(text) - TRIGRAM + 1)}


def _quoted(trigram: str) -> str:
    return '"' + trigram.replace('"', '""') + '"'


def _sampled(connection: Connection) -> Counter[str]:
    """How many customers of a sample have a trigram; sampled anew when the book has doubled."""
    last = connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM customer").scalar() or 0
    known_as = (str(connection.engine.url), last.bit_length())
    if known_as not in _samples:
        _samples[known_as] = Counter(trigram for text in _some(connection, last) for trigram in _trigrams(text))
    return _samples[known_as]


def _some(connection: Connection, last: int) -> list[str]:
    seqs = sorted({1 + last * place // SAMPLE for place in range(SAMPLE)})
    marks = ",".join("?" * len(seqs))
    texts = connection.exec_driver_sql(f"SELECT search FROM customer WHERE seq IN ({marks})", tuple(seqs))
    return list(texts.scalars())
