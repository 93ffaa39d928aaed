"""Look-alikes: other records that are probably the same person, and why. Indexed look-ups only, never a scan.

The signals: `phone`, the same number in E.164; `email`, the same address but for case, plus part, dots at Gmail and the
spelling of its domain; `name`, the same folded name with the same dial code; `close_name`, a name that is a slip of
typing away, with the same phone or at the same domain, unless that is a public mail service or many share it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import OSA
from sqlalchemy import Select, select, text

from webapp.customers.details import Details, email_person
from webapp.customers.folding import name_key
from webapp.customers.models import Customer
from webapp.database import db
from webapp.person import email_domain

MOST_SHOWN = 10
WEIGHTS = {"phone": 4, "email": 4, "close_name": 2, "name": 1}
# So many records with the same phone, address, name or domain are compared. A domain that more customers share says
# nothing about who they are; nor does a public mail service.
MOST_COMPARED = 200
COLUMNS = {
    "phone": ("phone",),
    "email": ("email_person",),
    "name": ("name_key", "dial_code"),
    "domain": ("email_domain",),
}
BOUND = re.compile(r":(\w+)")
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
        apart: From whom somebody told them apart, with the signals that were known then and say nothing any more.
    """

    details: Details
    seq: int | None = None
    apart: Mapping[int, Set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Lookalike:
    """Another record, with the signals that speak for the same person, strongest first."""

    customer: Customer
    signals: tuple[str, ...]

    @property
    def weight(self) -> int:
        return weight_of(self.signals)


def weight_of(signals: Iterable[str]) -> int:
    """How much these signals together speak for the same person."""
    return sum(WEIGHTS[signal] for signal in signals)


def possible_duplicates(person: Details, *, other_than: int | None = None) -> list[Lookalike]:
    """The look-alikes of one person, whatever their standing: at most ten, the most similar first."""
    return lookalikes_of([Sought(person, other_than)])[0]


def lookalikes_of(
    people: Sequence[Sought], *, blacklisted: bool | None = None, most: int = MOST_SHOWN, least_weight: int = 1
) -> list[list[Lookalike]]:
    """The look-alikes of each of several people, in a statement for a hundred look-ups.

    Args:
        blacklisted: Only records that are blacklisted, or only those that are not.
        most: For each person; the most similar come first, then the newest.
        least_weight: Leave out whom less speaks for.
    """
    rows: list[list[Any]] = [[] for _ in people]
    looked_up = {signal for signal in COLUMNS if WEIGHTS.get(signal, least_weight) >= least_weight}
    for row in _candidates(people, blacklisted, looked_up, most):
        rows[row.person].append(row)
    ranked = [_ranked(_signals_of(*pair), most, least_weight) for pair in zip(people, rows, strict=True)]
    wanted = {seq for found in ranked for seq, _ in found}
    customers = {customer.seq: customer for customer in db.session.scalars(_with_seqs(wanted))} if wanted else {}
    return [[Lookalike(customers[seq], said) for seq, said in found if seq in customers] for found in ranked]


def _candidates(people: Sequence[Sought], blacklisted: bool | None, looked_up: Set[str], most: int) -> Iterator[Any]:
    """Rows of `person` (their place in `people`), `signal`, `seq`, `name_key` and `dial_code`."""
    lookups: list[str] = []
    values: dict[str, str] = {}
    for number, person in enumerate(people):
        for signal, keys in ((signal, keys) for signal, keys in _keys(person.details).items() if signal in looked_up):
            names = [f"{signal}_{place}_{number}" for place in range(len(keys))]
            lookups.append(_lookup(number, signal, names, blacklisted, _most_compared(signal, person, most)))
            values |= dict(zip(names, keys, strict=True))
    for start in range(0, len(lookups), LOOKUPS_IN_ONE_STATEMENT):
        some = " UNION ALL ".join(lookups[start : start + LOOKUPS_IN_ONE_STATEMENT])
        statement = text(f"SELECT * FROM ({some}) AS found")  # noqa: S608 - only our own words; all values are bound
        bound = {name: values[name] for name in BOUND.findall(some)}
        yield from db.session.execute(statement, bound)


def _keys(person: Details) -> dict[str, tuple[str, ...]]:
    """By which keys each signal is looked up; `domain` is not one itself but finds the neighbours."""
    keys: dict[str, tuple[str, ...]] = {}
    named, domain = person.first_name and person.last_name, email_domain(person.email) if person.email else ""
    if person.phone:
        keys["phone"] = (person.phone,)
    if person.email:
        keys["email"] = (email_person(person.email),)
    if named and person.dial_code:
        keys["name"] = (_key(person), person.dial_code)
    if named and domain and domain not in PUBLIC_MAIL:
        keys["domain"] = (domain,)
    return keys


def shared_keys(person: Details) -> list[tuple[str, str]]:
    """What two records share when they look alike by more than a name: kind and key."""
    return [(signal, keys[0]) for signal, keys in _keys(person).items() if signal != "name"]


def _most_compared(signal: str, person: Sought, most: int) -> int:
    """How many records a look-up reads. Whose name is all that speaks for them come last, so that the newest do."""
    enough = min(most, MOST_COMPARED) + len(person.apart) if signal == "name" else MOST_COMPARED
    return enough + (person.seq is not None)


def _lookup(number: int, signal: str, names: Sequence[str], blacklisted: bool | None, most: int) -> str:
    """One bounded look-up by an index; at a domain that too many share, of nothing.

    A bare `blacklisted`, without `=`, keeps SQLite from taking an index of standing instead of the key's. It is text
    because hundreds of these, put together by SQLAlchemy, take ten times as long as the database does.
    """
    conditions = [f"{column} = :{name}" for column, name in zip(COLUMNS[signal], names, strict=True)]
    limit = str(most)
    if signal == "domain":
        few = f"SELECT 1 FROM customer WHERE email_domain = :{names[0]} LIMIT {most + 1}"  # noqa: S608 - our own words
        # In the limit, because both engines would read all of them for a condition that none of them meets.
        limit = f"CASE WHEN (SELECT count(*) FROM ({few}) AS few) <= {most} THEN {most} ELSE 0 END"  # noqa: S608
    if blacklisted is not None:
        conditions.append("blacklisted" if blacklisted else "NOT blacklisted")
    newest_first = " ORDER BY seq DESC" if signal == "name" else ""
    where = f"WHERE {' AND '.join(conditions)}{newest_first} LIMIT {limit}"
    found = f"SELECT seq, name_key, dial_code FROM customer {where}"  # noqa: S608 - our own words
    return f"SELECT {number} AS person, '{signal}' AS signal, f{number}.* FROM ({found}) AS f{number}"  # noqa: S608


def _key(person: Details) -> str:
    return name_key(person.first_name or "", person.last_name or "")


def _signals_of(person: Sought, rows: Sequence[Any]) -> dict[int, set[str]]:
    """What speaks for each record that was found."""
    found: dict[int, set[str]] = defaultdict(set)
    key, name = _key(person.details), _keys(person.details).get("name")
    for row in rows:
        if row.signal != "domain":
            found[row.seq].add(row.signal)
        if (row.name_key, row.dial_code) == name:
            found[row.seq].add("name")
        if row.signal in ("phone", "domain") and is_close(key, row.name_key):
            found[row.seq].add("close_name")
    found.pop(person.seq or 0, None)
    for seq, signals in found.items():
        signals -= person.apart.get(seq, frozenset())
        if "name" in signals:
            signals.discard("close_name")
    return {seq: signals for seq, signals in found.items() if signals}


def is_close(one: str, other: str) -> bool:
    """Whether two names (`name_key`) are slips of typing apart: a letter left out, added, changed, or two swapped.

    One slip from five letters on, two from twelve (optimal string alignment distance).
    """
    letters = min(len(one.replace(" ", "")), len(other.replace(" ", "")))
    slips = max((slips for slips, fewest in FEWEST_LETTERS.items() if letters >= fewest), default=0)
    return letters > 0 and OSA.distance(one, other, score_cutoff=slips) <= slips


def _with_seqs(seqs: set[int]) -> Select[Any]:
    return select(Customer).where(Customer.seq.in_(sorted(seqs)))


def _ranked(found: dict[int, set[str]], most: int, least_weight: int) -> list[tuple[int, tuple[str, ...]]]:
    """Who was found and by which signals, the most similar first, then the newest."""
    said = {seq: tuple(signal for signal in WEIGHTS if signal in signals) for seq, signals in found.items()}
    enough = [(seq, signals) for seq, signals in said.items() if weight_of(signals) >= least_weight]
    return sorted(enough, key=lambda one: (-weight_of(one[1]), -one[0]))[:most]
