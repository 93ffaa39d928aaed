"""Look-alikes: other records that are probably the same person, and why. Indexed look-ups only, never a scan.

The signals: `phone`, the same number in E.164; `email`, the same address but for case, plus part, dots at Gmail and the
spelling of its domain; `name`, the same folded name with the same dial code; `close_name`, a name that is a slip of
typing away, with the same phone or at the same domain, unless that is a public mail service or many share it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Select, literal, select, union_all

from webapp.customers.details import Details, email_person
from webapp.customers.folding import name_key
from webapp.customers.models import Customer
from webapp.database import db
from webapp.person import email_domain

MOST_SHOWN = 10
WEIGHTS = {"phone": 4, "email": 4, "close_name": 2, "name": 1}
# A domain that more than so many customers share says nothing about who they are; nor does a public mail service.
MOST_AT_A_DOMAIN = 200
PUBLIC_MAIL = frozenset({
    "163.com", "aol.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.co.uk", "hotmail.com",
    "hotmail.fr", "icloud.com", "live.com", "mail.com", "mail.ru", "me.com", "msn.com", "orange.fr", "outlook.com",
    "outlook.fr", "proton.me", "protonmail.com", "qq.com", "web.de", "yahoo.co.uk", "yahoo.com", "yahoo.fr",
    "yandex.ru", "ymail.com", "zoho.com",
})  # fmt: skip
# How many letters a name needs for so many slips to be close.
FEWEST_LETTERS = {1: 5, 2: 12}
LOOKUPS_IN_ONE_STATEMENT = 100


@dataclass(frozen=True)
class Sought:
    """A person to find look-alikes of.

    Attributes:
        details: As far as they are known; what is empty is not compared.
        seq: Of the customer they are, if they are in the book.
    """

    details: Details
    seq: int | None = None


@dataclass(frozen=True)
class Lookalike:
    """Another record, with the signals that speak for the same person, strongest first."""

    customer: Customer
    signals: tuple[str, ...]

    @property
    def weight(self) -> int:
        return sum(WEIGHTS[signal] for signal in self.signals)


def possible_duplicates(person: Details, *, other_than: int | None = None) -> list[Lookalike]:
    """The look-alikes of one person, whatever their standing: at most ten, the most similar first."""
    return lookalikes_of([Sought(person, other_than)])[0]


def lookalikes_of(
    people: Sequence[Sought], *, blacklisted: bool | None = None, most: int = MOST_SHOWN
) -> list[list[Lookalike]]:
    """The look-alikes of each of several people, in a number of statements that grows with hundreds of people only.

    Args:
        blacklisted: Only records that are blacklisted, or only those that are not.
        most: For each person; the most similar come first, then the newest.
    """
    rows: list[list[Any]] = [[] for _ in people]
    for row in _candidates(people, blacklisted, most):
        rows[row.person].append(row)
    signals = [_signals_of(*pair, blacklisted) for pair in zip(people, rows, strict=True)]
    wanted = {seq for found in signals for seq in found}
    customers = {customer.seq: customer for customer in db.session.scalars(_with_seqs(wanted))} if wanted else {}
    return [_ranked(found, customers)[:most] for found in signals]


def _candidates(people: Sequence[Sought], blacklisted: bool | None, most: int) -> Iterator[Any]:
    """Rows of `person` (their place in `people`), `signal`, `seq`, `name_key` and `blacklisted`."""
    lookups = [
        _lookup(number, signal, condition, person, blacklisted, most)
        for number, person in enumerate(people)
        for signal, condition in _conditions(person.details).items()
    ]
    for start in range(0, len(lookups), LOOKUPS_IN_ONE_STATEMENT):
        yield from db.session.execute(union_all(*lookups[start : start + LOOKUPS_IN_ONE_STATEMENT]))


def _conditions(person: Details) -> dict[str, ColumnElement[bool]]:
    conditions: dict[str, ColumnElement[bool]] = {}
    named, domain = person.first_name and person.last_name, email_domain(person.email) if person.email else ""
    if person.phone:
        conditions["phone"] = Customer.phone == person.phone
    if person.email:
        conditions["email"] = Customer.email_person == email_person(person.email)
    if named and person.dial_code:
        conditions["name"] = (Customer.name_key == _key(person)) & (Customer.dial_code == person.dial_code)
    if named and domain and domain not in PUBLIC_MAIL:
        conditions["domain"] = Customer.email_domain == domain
    return conditions


def _key(person: Details) -> str:
    return name_key(person.first_name or "", person.last_name or "")


def _lookup(
    number: int, signal: str, condition: ColumnElement[bool], person: Sought, blacklisted: bool | None, most: int
) -> Select[Any]:
    """One bounded look-up by an index; at a domain, whatever their standing, so as to see whether many share it."""
    is_domain = signal == "domain"
    shown = (Customer.seq, Customer.name_key, Customer.blacklisted)
    query = select(literal(number).label("person"), literal(signal).label("signal"), *shown).where(condition)
    if person.seq is not None:
        query = query.where(Customer.seq != person.seq)
    if blacklisted is not None and not is_domain:
        query = query.where(Customer.blacklisted.is_(blacklisted))
    newest = query.order_by(Customer.seq.desc()) if not is_domain else query
    return select(newest.limit(MOST_AT_A_DOMAIN + 1 if is_domain else most).subquery())


def _signals_of(person: Sought, rows: Sequence[Any], blacklisted: bool | None) -> dict[int, set[str]]:
    """What speaks for each record that was found."""
    found: dict[int, set[str]] = defaultdict(set)
    neighbours = [row for row in rows if row.signal == "domain"]
    for row in rows:
        if row.signal != "domain":
            found[row.seq].add(row.signal)
    near = [row for row in rows if row.signal == "phone"]
    near += neighbours if len(neighbours) <= MOST_AT_A_DOMAIN else []
    for row in near:
        if blacklisted in (None, row.blacklisted) and is_close(_key(person.details), row.name_key):
            found[row.seq].add("close_name")
    for signals in found.values():
        if "name" in signals:
            signals.discard("close_name")
    return found


def is_close(one: str, other: str) -> bool:
    """Whether two names (`name_key`) are slips of typing apart: a letter left out, added, changed, or two swapped.

    One slip from five letters on, two from twelve (optimal string alignment distance).
    """
    letters = min(len(one.replace(" ", "")), len(other.replace(" ", "")))
    slips = max((slips for slips, fewest in FEWEST_LETTERS.items() if letters >= fewest), default=0)
    return letters > 0 and OSA.distance(one, other, score_cutoff=slips) <= slips


def _with_seqs(seqs: set[int]) -> Select[Any]:
    return select(Customer).where(Customer.seq.in_(sorted(seqs)))


def _ranked(found: dict[int, set[str]], customers: dict[int, Customer]) -> list[Lookalike]:
    lookalikes = [
        Lookalike(customers[seq], tuple(signal for signal in WEIGHTS if signal in signals))
        for seq, signals in found.items()
        if seq in customers
    ]
    return sorted(lookalikes, key=lambda lookalike: (-lookalike.weight, -lookalike.customer.seq))
