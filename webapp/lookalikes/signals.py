"""Look-alikes: other records that are probably the same person, and why. Indexed look-ups only, never a scan.

The signals: `phone`, the same number, or one that rings the same phone; `email`, the same mailbox in any of its
spellings; `name`, the same name in any order and spelling with the same dial code; `close_name`, a name that is a slip
of typing away, with the same phone or at the same domain, unless that is a public mail service or many share it.
Whoever is blacklisted is known by all that their record has had since.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import OSA
from sqlalchemy import Select, select, text

from webapp.customers.fields import Details
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.kernel.fields import email_domain
from webapp.kernel.folding import contracted, expanded, name_key, shortened_names, whole_names
from webapp.lookalikes.known_identifiers import EMAIL, NAME, PHONE, SHORTENED, keys_of

MAX_SHOWN = 10
WEIGHTS = {"phone": 4, "email": 4, "close_name": 2, "name": 1}
# So many records with the same phone, address, name or domain are compared. A domain that more customers share says
# nothing about who they are; nor does a public mail service.
MAX_COMPARED = 200
LOOKED_UP = ("phone", "email", "name", "domain")
# Not a column of the record, but what open cases know of those they are about.
KNOWN = "known"
BOUND = re.compile(r":(\w+)")
PUBLIC_MAIL = frozenset({
    "163.com", "aol.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.co.uk", "hotmail.com",
    "hotmail.fr", "icloud.com", "live.com", "mail.com", "mail.ru", "me.com", "msn.com", "orange.fr", "outlook.com",
    "outlook.fr", "proton.me", "protonmail.com", "qq.com", "web.de", "yahoo.co.uk", "yahoo.com", "yahoo.fr",
    "yandex.ru", "ymail.com", "zoho.com",
})  # fmt: skip
# How many letters a name needs for so many slips to be close.
MIN_LETTERS = {1: 5, 2: 12}
LOOKUPS_IN_ONE_STATEMENT = 100


@dataclass(frozen=True)
class Candidate:
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
    return lookalikes_of([Candidate(person, other_than)])[0]


def lookalikes_of(
    people: Sequence[Candidate], *, blacklisted: bool | None = None, most: int = MAX_SHOWN, least_weight: int = 1
) -> list[list[Lookalike]]:
    """The look-alikes of each of several people, in a statement for a hundred look-ups.

    Args:
        blacklisted: Only records that are blacklisted, or only those that are not.
        most: For each person; the most similar come first, then the newest.
        least_weight: Leave out whom less speaks for.
    """
    rows: list[list[Any]] = [[] for _ in people]
    looked_up = {signal for signal in LOOKED_UP if WEIGHTS.get(signal, least_weight) >= least_weight}
    for row in _candidates(people, blacklisted, looked_up, most):
        rows[row.person].append(row)
    ranked = [_ranked(_signals_of(*pair), most, least_weight) for pair in zip(people, rows, strict=True)]
    wanted = {seq for found in ranked for seq, _ in found}
    customers = {customer.seq: customer for customer in db.session.scalars(_with_seqs(wanted))} if wanted else {}
    return [[Lookalike(customers[seq], said) for seq, said in found if seq in customers] for found in ranked]


def _candidates(people: Sequence[Candidate], blacklisted: bool | None, looked_up: Set[str], most: int) -> Iterator[Any]:
    """Rows of `person` (their place in `people`), `signal`, `seq`, names and `dial_code`."""
    lookups: list[str] = []
    values: dict[str, str] = {}
    for number, person in enumerate(people):
        for place, (signal, where, keys) in enumerate(_ways(person.details, blacklisted)):
            if signal not in looked_up:
                continue
            names = [f"k_{number}_{place}_{key}" for key in range(len(keys))]
            limit = _most_compared(signal, person, most)
            lookups.append(_lookup(f"{number}_{place}", number, signal, where, names, blacklisted, limit))
            values |= dict(zip(names, keys, strict=True))
    for start in range(0, len(lookups), LOOKUPS_IN_ONE_STATEMENT):
        some = " UNION ALL ".join(lookups[start : start + LOOKUPS_IN_ONE_STATEMENT])
        statement = text(f"SELECT * FROM ({some}) AS found")  # noqa: S608 - only our own words; all values are bound
        bound = {name: values[name] for name in BOUND.findall(some)}
        yield from db.session.execute(statement, bound)


def _ways(person: Details, blacklisted: bool | None) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """How each signal is looked up: by which columns, or among what open cases know, and with which keys.

    `domain` is no signal itself but finds the neighbours.
    """
    known = keys_of(person)
    if blacklisted is not False:
        yield from _ways_among_cases(known)
    if PHONE in known:
        # As it was written too: keys of an older book may wait to be derived anew.
        yield from (("phone", "phone", (key,)) for key in dict.fromkeys([*known[PHONE], str(person.phone)]))
        yield "phone", "phone_person", tuple(known[PHONE])
    if EMAIL in known:
        yield "email", "email_person", tuple(known[EMAIL])
    if _is_named(person) and person.dial_code:
        yield from (("name", "name_key", (key, person.dial_code)) for key in _name_keys(person))
    domain = email_domain(person.email) if person.email else ""
    if _is_named(person) and domain and domain not in PUBLIC_MAIL:
        yield "domain", "email_domain", (domain,)


def _ways_among_cases(known: Mapping[str, list[str]]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    whole, shortened = known.get(NAME, []), known.get(SHORTENED, [])
    looked_up = {EMAIL: known.get(EMAIL), PHONE: known.get(PHONE), NAME: whole + shortened, SHORTENED: whole}
    for kind, keys in looked_up.items():
        if keys:
            yield "name" if kind == SHORTENED else kind, KNOWN, (kind, *keys)


def _is_named(person: Details) -> bool:
    return bool(person.first_name and person.last_name)


def _name_keys(person: Details) -> list[str]:
    """The name and its turn, with umlauts as one letter and as two."""
    first, last = person.first_name, person.last_name
    spelled = [(first, last), (expanded(first), expanded(last)), (contracted(first), contracted(last))]
    return list(dict.fromkeys(name_key(*turn) for one, other in spelled for turn in ((one, other), (other, one))))


def shared_keys(person: Details) -> list[tuple[str, str]]:
    """What two records share when they look alike by more than a name: kind and key."""
    domain = email_domain(person.email) if person.email else ""
    keys = [(kind, key) for kind, some in keys_of(person).items() if kind in (EMAIL, PHONE) for key in some]
    return keys + ([("domain", domain)] if _is_named(person) and domain and domain not in PUBLIC_MAIL else [])


def _most_compared(signal: str, person: Candidate, most: int) -> int:
    """How many records a look-up reads. Whose name is all that speaks for them come last, so that the newest do."""
    enough = min(most, MAX_COMPARED) + len(person.apart) if signal == "name" else MAX_COMPARED
    return enough + (person.seq is not None)


def _lookup(
    label: str, number: int, signal: str, where: str, names: Sequence[str], blacklisted: bool | None, most: int
) -> str:
    """One bounded look-up by an index; at a domain that too many share, of nothing.

    A bare `blacklisted`, without `=`, keeps SQLite from taking an index of standing instead of the key's. It is text
    because hundreds of these, put together by SQLAlchemy, take ten times as long as the database does.
    """
    source, conditions = _source(where, names)
    limit = str(most)
    if signal == "domain":
        few = f"SELECT 1 FROM customer WHERE email_domain = :{names[0]} LIMIT {most + 1}"  # noqa: S608 - our own words
        # In the limit, because both engines would read all of them for a condition that none of them meets.
        limit = f"CASE WHEN (SELECT count(*) FROM ({few}) AS few) <= {most} THEN {most} ELSE 0 END"  # noqa: S608
    if blacklisted is not None:
        conditions.append("blacklisted" if blacklisted else "NOT blacklisted")
    newest_first = " ORDER BY c.seq DESC" if signal == "name" else ""
    clause = f"WHERE {' AND '.join(conditions)}{newest_first} LIMIT {limit}"
    columns = "c.seq, c.first_name, c.last_name, c.name_key, c.dial_code"
    found = f"SELECT {columns} FROM {source} {clause}"  # noqa: S608 - our own words
    return f"SELECT {number} AS person, '{signal}' AS signal, f{label}.* FROM ({found}) AS f{label}"  # noqa: S608


def _source(where: str, names: Sequence[str]) -> tuple[str, list[str]]:
    if where == KNOWN:
        kind, *keys = (f":{name}" for name in names)
        joined = "case_identifier AS i JOIN blacklisting AS b ON b.seq = i.case_seq AND b.closed_at IS NULL"
        is_one = [f"i.kind = {kind}", f"i.key IN ({', '.join(keys)})"]
        return f"{joined} JOIN customer AS c ON c.seq = b.customer_seq", is_one
    if where == "name_key":
        return "customer AS c", [f"c.name_key = :{names[0]}", f"c.dial_code = :{names[1]}"]
    return "customer AS c", [f"c.{where} = :{names[0]}"]


def _signals_of(person: Candidate, rows: Sequence[Any]) -> dict[int, set[str]]:
    """What speaks for each record that was found."""
    found: dict[int, set[str]] = defaultdict(set)
    details = person.details
    key = name_key(details.first_name or "", details.last_name or "")
    for row in rows:
        if row.signal != "domain":
            found[row.seq].add(row.signal)
        if row.dial_code and row.dial_code == details.dial_code and _is_same_name(details, row):
            found[row.seq].add("name")
        if row.signal in ("phone", "domain") and is_close(key, row.name_key):
            found[row.seq].add("close_name")
    found.pop(person.seq or 0, None)
    for seq, signals in found.items():
        signals -= person.apart.get(seq, frozenset())
        if "name" in signals:
            signals.discard("close_name")
    return {seq: signals for seq, signals in found.items() if signals}


def _is_same_name(details: Details, row: Any) -> bool:
    """Equal in any order and spelling, or with one word of three or more left out on one side."""
    if not _is_named(details) or not (row.first_name or row.last_name):
        return False
    mine, theirs = (details.first_name, details.last_name), (row.first_name, row.last_name)
    whole, their_whole = set(whole_names(*mine)), set(whole_names(*theirs))
    is_shorter = not their_whole.isdisjoint(shortened_names(*mine))
    return is_shorter or not whole.isdisjoint(their_whole | set(shortened_names(*theirs)))


def is_close(one: str, other: str) -> bool:
    """Whether two names (`name_key`) are slips of typing apart: a letter left out, added, changed, or two swapped.

    One slip from five letters on, two from twelve (optimal string alignment distance).
    """
    letters = min(len(one.replace(" ", "")), len(other.replace(" ", "")))
    slips = max((slips for slips, fewest in MIN_LETTERS.items() if letters >= fewest), default=0)
    return letters > 0 and OSA.distance(one, other, score_cutoff=slips) <= slips


def _with_seqs(seqs: set[int]) -> Select[Any]:
    return select(Customer).where(Customer.seq.in_(sorted(seqs)))


def _ranked(found: dict[int, set[str]], most: int, least_weight: int) -> list[tuple[int, tuple[str, ...]]]:
    """Who was found and by which signals, the most similar first, then the newest."""
    said = {seq: tuple(signal for signal in WEIGHTS if signal in signals) for seq, signals in found.items()}
    enough = [(seq, signals) for seq, signals in said.items() if weight_of(signals) >= least_weight]
    return sorted(enough, key=lambda one: (-weight_of(one[1]), -one[0]))[:most]
