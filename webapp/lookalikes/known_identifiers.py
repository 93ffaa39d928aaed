"""By what a blacklisted person is known: each e-mail,
phone and name that the record had when, or since, it was listed.

They match for as long as the case is open, whatever the record says now, and go with the person.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.customers.cases import CASE, find_open_case
from webapp.customers.fields import Details, email_person
from webapp.customers.models import MAX_KEY_LENGTH, Customer
from webapp.customers.renumbering import phone_person
from webapp.history.changes import Change, Projection, Values
from webapp.history.entries import Subject, entries_of
from webapp.kernel.database import Model, Moment, byte_ordered, db
from webapp.kernel.fields import email_key, full_name
from webapp.kernel.folding import shortened_names, whole_names

EMAIL, PHONE, NAME, SHORTENED = "email", "phone", "name", "short"


class CaseIdentifier(Model):
    """One key by which somebody blacklisted is recognised.

    Attributes:
        key: In comparable form: see `keys_of`.
        value: As the record had it.
        since: When the record got it, or was blacklisted with it.
    """

    __tablename__ = "case_identifier"

    case_seq: Mapped[int] = mapped_column(ForeignKey("blacklisting.seq"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    key: Mapped[str] = mapped_column(byte_ordered(MAX_KEY_LENGTH + 8), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("ix_case_identifier_key", "kind", "key"), {"sqlite_with_rowid": False})


def keys_of(details: Details) -> dict[str, list[str]]:
    """The keys of a person by kind;
    of a name only together with a dial code, because many share a name.

    A shortened name is compared with whole ones only: two who differ in one word of three are
    brothers, not one person.
    """
    keys: dict[str, list[str]] = {}
    if details.email:
        keys[EMAIL] = [email_person(details.email)[:MAX_KEY_LENGTH]]
    if details.phone:
        keys[PHONE] = [phone_person(details.phone)]
    if details.dial_code and _has_two_words(details):
        names = (details.first_name or "", details.last_name or "")
        for kind, ways in ((NAME, whole_names(*names)), (SHORTENED, shortened_names(*names))):
            keys[kind] = [f"{details.dial_code} {way[:MAX_KEY_LENGTH]}" for way in ways]
    return keys


def _has_two_words(details: Details) -> bool:
    """One name alone is shared by too many."""
    return (
        len(f"{details.first_name or ''} {details.last_name or ''}".replace("-", " ").split()) > 1
    )


class KnownIdentifiers(Projection):
    """Remembers what the record of somebody blacklisted has and had;
    `derived_keys` says whose is not in step.
    """

    def follow(self, change: Change[Any]) -> None:
        if (
            not isinstance(change.row, Customer)
            or not change.after
            or not change.after["blacklisted"]
        ):
            return
        if change.kind in REOPENED:
            derive_anew(change.row)
        elif change.altered("blacklisted", *DETAILS):
            known = [details_in(values) for values in (change.before, change.after) if values]
            is_new = change.altered("blacklisted")
            _add(find_open_case(change.row).seq, known, change.at, is_new=is_new)

    def forget(self, subject: Subject) -> None:
        cases = select(CASE.c.seq).where(CASE.c.customer_seq == subject.seq)
        db.session.execute(delete(CaseIdentifier).where(CaseIdentifier.case_seq.in_(cases)))

    def rebuild(self) -> None:
        for customer in db.session.scalars(
            select(Customer).where(Customer.blacklisted).order_by(Customer.seq)
        ).all():
            derive_anew(customer)


# What opens an old case again, with all that the record has had since.
REOPENED = ("review_undone", "reopened")
DETAILS = tuple(field.name for field in fields(Details))


def details_in(values: Values) -> Details:
    """The details among the values of a customer's row."""
    return Details(**{name: values[name] for name in DETAILS})


def _add(case_seq: int, known: Sequence[Details], at: datetime, *, is_new: bool = False) -> None:
    """Remember details of a case, those that are known
    of it already left out; of a new one none is.
    """
    there = set() if is_new else _keys_in(case_seq)
    rows = {
        row["kind"] + row["key"]: row
        for row in _rows(case_seq, known, at)
        if (row["kind"], row["key"]) not in there
    }
    if rows:
        db.session.execute(insert(CaseIdentifier), list(rows.values()))


def _keys_in(case_seq: int) -> set[tuple[str, str]]:
    its_own = select(CaseIdentifier.kind, CaseIdentifier.key).where(
        CaseIdentifier.case_seq == case_seq
    )
    return {(kind, key) for kind, key in db.session.execute(its_own)}


def _rows(case_seq: int, known: Iterable[Details], at: datetime) -> Iterator[dict[str, Any]]:
    for details in known:
        name = full_name(details.first_name, details.last_name)
        values = {EMAIL: details.email, PHONE: details.phone, NAME: name, SHORTENED: name}
        for kind, keys in keys_of(details).items():
            for key in keys:
                yield {
                    "case_seq": case_seq,
                    "kind": kind,
                    "key": key,
                    "value": values[kind],
                    "since": at,
                }


def former(
    case_seq: int, customer: Customer, *, at: datetime | None = None
) -> dict[str, list[str]]:
    """What the record had and has no longer, by kind,
    in the order in which it came; now, or as it was at a moment.
    """
    present = {
        EMAIL: customer.email,
        PHONE: customer.phone,
        NAME: full_name(customer.first_name, customer.last_name),
    }
    query = select(CaseIdentifier.kind, CaseIdentifier.value).where(
        CaseIdentifier.case_seq == case_seq
    )
    query = query.where(CaseIdentifier.kind != SHORTENED)
    if at is not None:
        query = query.where(CaseIdentifier.since <= at)
    values: dict[str, list[str]] = {}
    for kind, value in db.session.execute(
        query.order_by(CaseIdentifier.since, CaseIdentifier.value)
    ):
        if value != present[kind] and value not in values.get(kind, []):
            values.setdefault(kind, []).append(value)
    return values


def emails_known_of(seqs: Set[int]) -> dict[int, set[str]]:
    """The addresses (`email_key`) that the records of some
    who are blacklisted have, and had since, by their `seq`.
    """
    known: dict[int, set[str]] = defaultdict(set)
    if seqs:
        query = select(CASE.c.customer_seq, CaseIdentifier.value)
        query = query.join_from(CASE, CaseIdentifier, CaseIdentifier.case_seq == CASE.c.seq)
        is_theirs = CASE.c.customer_seq.in_(sorted(seqs)) & CASE.c.closed_at.is_(None)
        for seq, email in db.session.execute(query.where(is_theirs, CaseIdentifier.kind == EMAIL)):
            known[seq].add(email_key(email))
    return known


def former_details(customer: Customer) -> list[Details]:
    """Somebody blacklisted as they were known before, each e-mail and phone by itself."""
    case = find_open_case(customer)
    known = former(case.seq, customer) if case else {}
    nobody = Details("", "", "")
    emails = [replace(nobody, email=email) for email in known.get(EMAIL, ())]
    return emails + [replace(nobody, phone=phone) for phone in known.get(PHONE, ())]


def derive_anew(customer: Customer) -> None:
    """Make the keys of an open case anew,
    from the record and its history, in the present write transaction.
    """
    case = find_open_case(customer)
    if case is None:
        return
    db.session.execute(delete(CaseIdentifier).where(CaseIdentifier.case_seq == case.seq))
    for details, since in reversed(list(_known_since(customer, case))):
        _add(case.seq, [details], since)


def missing(customer: Customer) -> bool:
    """Whether somebody blacklisted is not recognised by all that the record has, or had since."""
    case = find_open_case(customer)
    if case is None:
        return False
    there, known = _keys_in(case.seq), _known_since(customer, case)
    return any(
        (kind, key) not in there
        for details, _ in known
        for kind, keys in keys_of(details).items()
        for key in keys
    )


def _known_since(customer: Customer, case: Any) -> Iterator[tuple[Details, datetime]]:
    """The details of a record from when its case was opened until now,
    and since when it had them, the latest first.
    """
    details = customer.details
    for entry in entries_of(customer.subject, limit=None):
        if entry.at <= case.opened_at:
            break
        before = {name: entry.old(name) for name in entry.fields if name in vars(details)}
        if before and entry.values:
            yield details, entry.at
            details = replace(details, **before)
    yield details, case.opened_at
