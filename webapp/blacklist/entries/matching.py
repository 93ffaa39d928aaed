"""Who matches which entry: the entries about a person, and the customers whom a value is about."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, func, or_, select

from webapp.blacklist.entries.models import BlacklistEntry, Level
from webapp.blacklist.entries.values import EntryValue, ValueKind, keys_of, parts_of_name
from webapp.customers.fields import Details
from webapp.customers.merged import MergedCustomer
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.prepared import asked
from webapp.lookalikes.candidates import end_of_range
from webapp.lookalikes.name_words import NameWord, keys_of_birthday

MAX_COUNTED = 10_000
KEYS_IN_ONE_STATEMENT = 5_000
STRENGTH = {level.value: place for place, level in enumerate(Level)}
# In the words of `BlacklistEntry.counting`, which SQLAlchemy would take longer to say than the
# database to answer: everybody who is looked at, checked or saved is asked about.
COUNTING = """
    SELECT k.kind, k.key, k.entry_seq
    FROM entry_key AS k JOIN blacklist_entry AS e ON e.seq = k.entry_seq
    WHERE k.key IN ({keys}) AND e.closed_at IS NULL AND (e.until IS NULL OR e.until > :now)
    AND (e.level <> 'allow' OR e.reviewed_at IS NOT NULL)
"""
# Each domain once, by its index: as many steps as there are domains.
DOMAINS_BELOW = """
    WITH RECURSIVE known(domain) AS (
        SELECT min(email_domain) FROM customer
        UNION ALL
        SELECT (SELECT min(email_domain) FROM customer WHERE email_domain > known.domain)
        FROM known WHERE known.domain IS NOT NULL
    )
    SELECT domain FROM known WHERE domain LIKE :below
"""
Key = tuple[str, str]
R = TypeVar("R", Customer, MergedCustomer)


@dataclass(frozen=True)
class BlastRadius:
    """How many customers an entry would be about today, counted up to `MAX_COUNTED`.

    Attributes:
        good: Those in good standing.
    """

    good: int
    blacklisted: int


def entries_about(
    people: Sequence[Collection[Details]],
    references: Sequence[Collection[str]] = (),
    *,
    until_after: datetime | None = None,
) -> list[list[BlacklistEntry]]:
    """The entries that count and match each person, by any of their details or references: the
    strongest first, then the oldest.

    Args:
        references: Those of each person, if they are in the book; none, if it is left out.
        until_after: Those that had not come to their end then; now, if it is left out.
    """
    keys = [{key for details in person for key in keys_of(details)} for person in people]
    for some, theirs in zip(keys, references, strict=False):
        some |= {(ValueKind.CUSTOMER, reference.lower()) for reference in theirs}
    by_key = _counting({key for some in keys for key in some}, until_after or clock.now())
    seqs = {seq for some in by_key.values() for seq in some}
    query = select(BlacklistEntry).where(BlacklistEntry.seq.in_(sorted(seqs)))
    entries = {one.seq: one for one in db.session.scalars(query)} if seqs else {}
    return [
        sorted(
            {seq: entries[seq] for key in some for seq in by_key.get(key, ())}.values(),
            key=lambda one: (STRENGTH[one.level], one.seq),
        )
        for some in keys
    ]


def _counting(keys: Collection[Key], until_after: datetime) -> Mapping[Key, list[int]]:
    """The entries that count, by each of these keys that they have."""
    by_key: dict[Key, list[int]] = defaultdict(list)
    now = clock.to_milliseconds(until_after)
    texts = sorted({key for _, key in keys})
    for start in range(0, len(texts), KEYS_IN_ONE_STATEMENT):
        some = {f"k{n}": key for n, key in enumerate(texts[start : start + KEYS_IN_ONE_STATEMENT])}
        statement = COUNTING.format(keys=", ".join(f":{name}" for name in some))
        for kind, key, seq in asked(db.session.connection(), statement, now=now, **some):
            by_key[kind, key].append(seq)
    return by_key


def blast_radius(value: EntryValue) -> BlastRadius:
    """How many customers a value is about now."""
    if value.kind is ValueKind.NAME:
        people = _namesakes(value)
        blacklisted = sum(one.blacklisted for one in people)
        return BlastRadius(len(people) - blacklisted, blacklisted)
    is_one = _is_about(value)
    good, blacklisted = (_count(is_one & Customer.blacklisted.is_(flag)) for flag in (False, True))
    return BlastRadius(good, blacklisted)


def _count(condition: ColumnElement[bool]) -> int:
    some = select(Customer.seq).where(condition).limit(MAX_COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def customers_about(value: EntryValue, *, limit: int | None) -> Sequence[Customer]:
    """The customers whom a value is about now, newest first."""
    if value.kind is ValueKind.NAME:
        return _namesakes(value)[:limit]
    query = select(Customer).where(_is_about(value)).order_by(Customer.seq.desc())
    return db.session.scalars(query.limit(limit)).all()


def merged_about(value: EntryValue) -> Sequence[MergedCustomer]:
    """The records merged into others whom a value is about."""
    if value.kind is ValueKind.NAME:
        born = MergedCustomer.birthday == parts_of_name(value.text)[2]
        return _with_key_of(value, db.session.scalars(select(MergedCustomer).where(born)))
    return db.session.scalars(select(MergedCustomer).where(_is_about(value, MergedCustomer))).all()


def _is_about(
    value: EntryValue, whose: type[Customer] | type[MergedCustomer] = Customer
) -> ColumnElement[bool]:
    key = value.keys[0]
    if value.kind is ValueKind.CUSTOMER:
        return func.lower(whose.reference) == key
    if value.kind is ValueKind.EMAIL:
        return whose.email_person == key
    if value.kind is ValueKind.DOMAIN and whose is MergedCustomer:
        return or_(whose.email_domain == key, whose.email_domain.endswith(f".{key}"))
    if value.kind is ValueKind.DOMAIN:
        below = asked(db.session.connection(), DOMAINS_BELOW, below=f"%.{key}")
        return whose.email_domain.in_([key, *(row[0] for row in below)])
    if value.kind is ValueKind.PHONE:
        numbers = sorted({key, value.text})
        return or_(whose.phone.in_(numbers), whose.phone_person.in_(numbers))
    after = end_of_range(key)
    return or_(
        (whose.phone >= key) & (whose.phone < after),
        (whose.phone_person >= key) & (whose.phone_person < after),
    )


def _namesakes(value: EntryValue) -> list[Customer]:
    """Customers with this name in any order and spelling, born on this day; newest first."""
    beginnings = keys_of_birthday(*parts_of_name(value.text))
    born = select(NameWord.customer_seq).where(NameWord.key.in_(beginnings))
    query = select(Customer).where(Customer.seq.in_(born)).order_by(Customer.seq.desc())
    return _with_key_of(value, db.session.scalars(query))


def _with_key_of(value: EntryValue, some: Iterable[R]) -> list[R]:
    keys = {(value.kind, key) for key in value.keys}
    return [one for one in some if not keys.isdisjoint(keys_of(one.details))]
