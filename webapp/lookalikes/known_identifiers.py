"""Known identifiers: each e-mail, phone and name that a record has had since it was blacklisted.

They match for as long as the case is open, whatever the record says now, and are deleted with the
customer.
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
from webapp.customers.merged import OF_MERGES, MergedCustomer, merged_into
from webapp.customers.models import MAX_KEY_LENGTH, Customer
from webapp.customers.numbering.renumbering import phone_person
from webapp.history.changes import Change, Projection, Values
from webapp.history.entries import Subject, entries_of
from webapp.kernel.database import Model, Moment, byte_ordered, db
from webapp.kernel.fields import email_key, full_name
from webapp.kernel.folding import shortened_names, whole_names
from webapp.lookalikes.name_words import keys_of_birthday, keys_of_name

EMAIL, PHONE, NAME, SHORTENED, WORD = "email", "phone", "name", "short", "word"
BIRTHDAY = "birthday"
# Keys that a name is found by too.
FURTHER = (SHORTENED, WORD, BIRTHDAY)
AT_ONCE = 1_000


class CaseIdentifier(Model):
    """One key by which a blacklisted person is recognised.

    Attributes:
        key: In canonical form; see `keys_of`.
        value: As it stood in the record.
        since: When the record got it, or was blacklisted with it.
    """

    __tablename__ = "case_identifier"

    case_seq: Mapped[int] = mapped_column(ForeignKey("blacklisting.seq"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    key: Mapped[str] = mapped_column(byte_ordered(MAX_KEY_LENGTH + 8), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("ix_case_identifier_key", "kind", "key"), {"sqlite_with_rowid": False})


IDENTIFIER: Any = CaseIdentifier.__table__


def keys_of(details: Details) -> dict[str, list[str]]:
    """The keys of a person by kind; a name counts only with a dial code, because many share it.
    Words of it find those whose addresses are compared, and with a birthday those born that day.

    A shortened name is compared only with whole ones: two people whose names differ in one word of
    three are brothers, not one person.
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
    if words := keys_of_name(details.first_name, details.last_name):
        keys[WORD] = words
    if born := keys_of_birthday(details.first_name, details.last_name, details.birthday):
        keys[BIRTHDAY] = born
    return keys


def _has_two_words(details: Details) -> bool:
    """A single word is not enough: too many people share it."""
    return (
        len(f"{details.first_name or ''} {details.last_name or ''}".replace("-", " ").split()) > 1
    )


class KnownIdentifiers(Projection):
    """Stores the present and former identifiers of blacklisted customers; `derived_keys` reports
    those that are not in step.
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
            known += [record.details for record in merged_into(change.row)]
            is_new = change.altered("blacklisted")
            _add(find_open_case(change.row).seq, known, change.at, is_new=is_new)

    def forget(self, subject: Subject) -> None:
        cases = select(CASE.c.seq).where(CASE.c.customer_seq == subject.seq)
        db.session.execute(delete(CaseIdentifier).where(CaseIdentifier.case_seq.in_(cases)))

    def rebuild(self) -> None:
        everybody = select(Customer).where(Customer.blacklisted).order_by(Customer.seq)
        for customer in db.session.scalars(everybody.execution_options(yield_per=AT_ONCE)):
            derive_anew(customer)


# Changes that open an old case again, or that it moves by; its identifiers come from the history
# since it was opened.
REOPENED = ("review_undone", "reopened", *OF_MERGES)
DETAILS = tuple(field.name for field in fields(Details))


def details_in(values: Values) -> Details:
    """The details among the values of a customer's row."""
    return Details(**{name: values[name] for name in DETAILS})


def _add(case_seq: int, known: Sequence[Details], at: datetime, *, is_new: bool = False) -> None:
    """Store the keys of some details for a case, except those it has; a new case has none."""
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
        values = {EMAIL: details.email, PHONE: details.phone} | dict.fromkeys(
            (NAME, *FURTHER), name
        )
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
    """What the record had and no longer has, by kind, oldest first; now, or at a given moment."""
    present = {
        EMAIL: customer.email,
        PHONE: customer.phone,
        NAME: full_name(customer.first_name, customer.last_name),
    }
    query = select(CaseIdentifier.kind, CaseIdentifier.value).where(
        CaseIdentifier.case_seq == case_seq
    )
    query = query.where(CaseIdentifier.kind.not_in(FURTHER))
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
    """The addresses (`email_key`) that each of these records has had since it was blacklisted, by
    `seq`.
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
    """The former e-mails and phones of a blacklisted customer, each as details of its own."""
    case = find_open_case(customer)
    known = former(case.seq, customer) if case else {}
    nobody = Details("", "", "")
    emails = [replace(nobody, email=email) for email in known.get(EMAIL, ())]
    return emails + [replace(nobody, phone=phone) for phone in known.get(PHONE, ())]


def derive_anew(customer: Customer) -> None:
    """Derive the keys of an open case again, from the record and its history, in the present write
    transaction.
    """
    case = find_open_case(customer)
    if case is None:
        return
    # Of the table: a deletion of entities looks at each that is in memory.
    db.session.execute(delete(IDENTIFIER).where(IDENTIFIER.c.case_seq == case.seq))
    for details, since in reversed(list(_known_since(customer, case))):
        _add(case.seq, [details], since)


def missing(customer: Customer) -> bool:
    """Whether a blacklisted customer lacks a key for something the record has, or had since."""
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
    """The versions of a record's details since its case was opened, newest first, each with the
    moment from which it held; and those of the records that were merged into it.
    """
    yield from _versions(customer, case.opened_at)
    merged = merged_into(customer)
    since = min((case.opened_at, *_joined_at(customer.seq))) if merged else case.opened_at
    for record in merged:
        yield from _versions(record, since)


def _versions(
    record: Customer | MergedCustomer, since: datetime
) -> Iterator[tuple[Details, datetime]]:
    details = record.details
    for entry in entries_of(record.subject, limit=None):
        if entry.at <= since:
            break
        before = {name: entry.old(name) for name in entry.fields if name in vars(details)}
        if before and entry.values:
            yield details, entry.at
            details = replace(details, **before)
    yield details, since


def _joined_at(customer_seq: int) -> Iterable[datetime]:
    """When the cases were opened that are joined with another of this customer."""
    theirs = (CASE.c.customer_seq == customer_seq) & (CASE.c.outcome == "joined")
    return db.session.scalars(select(CASE.c.opened_at).where(theirs))
