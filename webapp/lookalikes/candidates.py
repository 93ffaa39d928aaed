"""Find the records worth comparing: customers that share an indexed key."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from webapp.customers.fields import Details
from webapp.kernel.database import Identifier, db
from webapp.kernel.fields import email_domain, email_key, full_name
from webapp.kernel.folding import contracted, expanded, name_key
from webapp.kernel.prepared import asked
from webapp.lookalikes.close import turned
from webapp.lookalikes.known_identifiers import (
    BIRTHDAY,
    EMAIL,
    NAME,
    PHONE,
    SHORTENED,
    WORD,
    keys_of,
)
from webapp.lookalikes.name_words import keys_of_birthday

# At most this many records with the same phone, address, name or domain are compared. A domain that
# more customers share says nothing about who they are; nor does a public mail service.
MAX_COMPARED = 200


# Those of one domain, one local part, one word of the name, or its beginning and one birthday are
# no signals themselves, but find the records that are compared.
LOOKED_UP = ("phone", "email", "name", "domain", "local", "word", "rare", "born")


# Not columns of the customer: `KNOWN` looks up the known identifiers of open cases, `WORD` names.
KNOWN = "known"
# A word, or a local part of an address, that so many have is rare.
RARE = 5
# Of the many whose names have a word and an initial in common, so many are compared, newest first.
MAX_NAMESAKES = 25


PUBLIC_MAIL = frozenset({
    "163.com", "aol.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com",
    "hotmail.co.uk", "hotmail.com", "hotmail.fr", "icloud.com", "live.com", "mail.com", "mail.ru",
    "me.com", "msn.com", "orange.fr", "outlook.com", "outlook.fr", "proton.me", "protonmail.com",
    "qq.com", "web.de", "yahoo.co.uk", "yahoo.com", "yahoo.fr", "yandex.ru", "ymail.com",
    "zoho.com",
})  # fmt: skip


LOOKUPS_IN_ONE_STATEMENT = 100


@dataclass(frozen=True)
class Candidate:
    """A person to find look-alikes of.

    Attributes:
        details: As far as they are known; empty ones are not compared.
        seq: Of their customer record, if they are in the book.
        apart: Customers marked as different people, with the signals that were known at the time
            and no longer count.
    """

    details: Details
    seq: int | None = None
    apart: Mapping[int, Set[str]] = field(default_factory=dict)


class Record(NamedTuple):
    """What is compared of a customer, and shown if they are alike."""

    seq: int
    id: UUID
    first_name: str
    last_name: str
    email: str
    blacklisted: bool
    name_key: str
    dial_code: str | None
    birthday: str | None

    @property
    def full_name(self) -> str:
        return full_name(self.first_name, self.last_name, self.email)


class Hit(NamedTuple):
    """A record that was found for one of several people (by their index), and by which look-up."""

    person: int
    signal: str
    record: Record


def candidates(
    people: Sequence[Candidate], blacklisted: bool | None, looked_up: Set[str], most: int
) -> Iterator[Hit]:
    """The records worth comparing with each person."""
    lookups: list[tuple[str, dict[str, str]]] = []
    for number, person in enumerate(people):
        for place, (signal, where, keys) in enumerate(_ways(person.details, blacklisted)):
            if signal not in looked_up:
                continue
            names = tuple(f"k_{number}_{place}_{key}" for key in range(len(keys)))
            limit = _most_compared(signal, person, most)
            words = _lookup(f"{number}_{place}", number, signal, where, names, blacklisted, limit)
            lookups.append((words, dict(zip(names, keys, strict=True))))
    for start in range(0, len(lookups), LOOKUPS_IN_ONE_STATEMENT):
        some = lookups[start : start + LOOKUPS_IN_ONE_STATEMENT]
        statement = " UNION ALL ".join(words for words, _ in some)
        bound = {name: key for _, keys in some for name, key in keys.items()}
        for person, signal, *columns in asked(db.session.connection(), statement, **bound):
            record = Record._make(columns)
            yield Hit(
                person,
                signal,
                record._replace(id=_UUID(record.id), blacklisted=bool(record.blacklisted)),
            )


_UUID: Callable[[Any], Any] = Identifier.read


def _ways(person: Details, blacklisted: bool | None) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """How each signal is looked up: the signal, the column (or `KNOWN` or `WORD`), and the keys."""
    known = keys_of(person) | {BIRTHDAY: _keys_of_birthdays(person)}
    if blacklisted is not False:
        yield from _ways_among_cases(known)
    if PHONE in known:
        # Also as typed: the keys of an older book may not have been derived again yet.
        yield from (
            ("phone", "phone", (key,)) for key in dict.fromkeys([*known[PHONE], str(person.phone)])
        )
        yield "phone", "phone_person", tuple(known[PHONE])
    if EMAIL in known:
        yield "email", "email_person", tuple(known[EMAIL])
    if is_named(person) and person.dial_code:
        yield from (("name", "name_key", (key, person.dial_code)) for key in _name_keys(person))
    domain = email_domain(person.email) if person.email else ""
    if domain and domain not in PUBLIC_MAIL:
        yield "domain", "email_domain", (domain,)
    if domain:
        local = _local_part(person.email, domain)
        yield from (
            ("local", "email_key", (f"{local}{mark}", end_of_range(f"{local}{mark}")))
            for mark in "@+"
        )
    if not blacklisted:
        yield from (("word", WORD, (key,)) for key in known.get(WORD, ()))
        yield from (("born", WORD, (key,)) for key in known[BIRTHDAY])
    if blacklisted is None:
        yield from _ways_by_rare_words(known.get(WORD, ()))


def _keys_of_birthdays(person: Details) -> list[str]:
    """Those of the birthday, and of it with day and month turned round."""
    if not person.birthday:
        return []
    ways = dict.fromkeys((person.birthday, turned(person.birthday)))
    return [
        key for way in ways for key in keys_of_birthday(person.first_name, person.last_name, way)
    ]


def _ways_by_rare_words(keys: Sequence[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for word in sorted({key.rpartition(" ")[0] for key in keys}):
        yield "rare", WORD, (f"{word} ", end_of_range(f"{word} "))


def end_of_range(text: str) -> str:
    """The end of the range of all texts that begin with this one."""
    return text[:-1] + chr(ord(text[-1]) + 1)


def _ways_among_cases(known: Mapping[str, list[str]]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    whole, shortened = known.get(NAME, []), known.get(SHORTENED, [])
    looked_up = {
        EMAIL: known.get(EMAIL),
        PHONE: known.get(PHONE),
        NAME: whole + shortened,
        SHORTENED: whole,
        WORD: known.get(WORD),
        BIRTHDAY: known[BIRTHDAY],
    }
    names = {SHORTENED: "name", BIRTHDAY: "born"}
    for kind, keys in looked_up.items():
        if keys:
            yield names.get(kind, kind), KNOWN, (kind, *keys)


def is_named(person: Details) -> bool:
    return bool(person.first_name and person.last_name)


def _name_keys(person: Details) -> list[str]:
    """The name in both orders, with umlauts written as one letter and as two."""
    first, last = person.first_name, person.last_name
    spelled = [
        (first, last),
        (expanded(first), expanded(last)),
        (contracted(first), contracted(last)),
    ]
    return list(
        dict.fromkeys(
            name_key(*turn) for one, other in spelled for turn in ((one, other), (other, one))
        )
    )


def shared_keys(person: Details) -> list[tuple[str, str]]:
    """The keys by which records are found that are held up, each as kind and key."""
    domain = email_domain(person.email) if person.email else ""
    keys = [
        (kind, key)
        for kind, some in keys_of(person).items()
        if kind in (EMAIL, PHONE)
        for key in some
    ]
    return keys + ([("domain", domain)] if domain and domain not in PUBLIC_MAIL else [])


def _local_part(email: str, domain: str) -> str:
    """What stands before the at-sign, without a plus part."""
    return email_key(email)[: -len(domain) - 1].partition("+")[0]


def _most_compared(signal: str, person: Candidate, most: int) -> int:
    """How many records a look-up reads. Matches by name alone rank last, newest first, so reading
    the newest few is enough.
    """
    if signal in ("rare", "local"):
        return RARE  # the person themself is among them, or will be
    enough = {
        "name": min(most, MAX_COMPARED) + len(person.apart),
        "word": MAX_NAMESAKES + len(person.apart),
    }
    return enough.get(signal, MAX_COMPARED) + (person.seq is not None)


@lru_cache(maxsize=1_000)
def _lookup(
    label: str,
    number: int,
    signal: str,
    where: str,
    names: tuple[str, ...],
    blacklisted: bool | None,
    most: int,
) -> str:
    """One bounded look-up in an index; empty for a domain, word or local part that too many share.

    A bare `blacklisted`, without `=`, keeps SQLite from using an index on standing instead of the
    key's. The SQL is text because SQLAlchemy takes ten times as long to build hundreds of these as
    the database takes to run them.
    """
    source, conditions = _source(where, names)
    limit = str(most)
    if signal in ("domain", "rare", "local"):
        few = f"SELECT 1 FROM {source} WHERE {' AND '.join(conditions)} LIMIT {most + 1}"  # noqa: S608 - our own words
        # In the limit, because with a condition that is false for every row both engines would
        # still read all of them.
        limit = f"CASE WHEN (SELECT count(*) FROM ({few}) AS few) <= {most} THEN {most} ELSE 0 END"  # noqa: S608
    if blacklisted is not None:
        conditions.append("blacklisted" if blacklisted else "NOT blacklisted")
    newest_first = " ORDER BY c.seq DESC" if signal == "name" else ""
    if signal == "word" and where == WORD:
        newest_first = " ORDER BY w.customer_seq DESC"
    clause = f"WHERE {' AND '.join(conditions)}{newest_first} LIMIT {limit}"
    columns = ", ".join(f"c.{name}" for name in Record._fields)
    statement = f"SELECT {columns} FROM {source} {clause}"  # noqa: S608 - our own words
    marked = f"{number} AS person, '{signal}' AS signal, f{label}.*"
    return f"SELECT {marked} FROM ({statement}) AS f{label}"  # noqa: S608


def _source(where: str, names: Sequence[str]) -> tuple[str, list[str]]:
    if where == KNOWN:
        kind, *keys = (f":{name}" for name in names)
        joined = (
            "case_identifier AS i JOIN blacklisting AS b "
            "ON b.seq = i.case_seq AND b.closed_at IS NULL"
        )
        is_one = [f"i.kind = {kind}", f"i.key IN ({', '.join(keys)})"]
        return f"{joined} JOIN customer AS c ON c.seq = b.customer_seq", is_one
    if where == WORD:
        range_or_key = (
            [f"w.key = :{names[0]}"]
            if len(names) == 1
            else [f"w.key >= :{names[0]}", f"w.key < :{names[1]}"]
        )
        return "name_word AS w JOIN customer AS c ON c.seq = w.customer_seq", range_or_key
    if where == "email_key":
        return "customer AS c", [f"c.email_key >= :{names[0]}", f"c.email_key < :{names[1]}"]
    if where == "name_key":
        return "customer AS c", [f"c.name_key = :{names[0]}", f"c.dial_code = :{names[1]}"]
    return "customer AS c", [f"c.{where} = :{names[0]}"]
