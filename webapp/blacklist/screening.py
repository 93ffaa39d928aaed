"""Screening: may this person proceed? For one person or hundreds, for programs and for staff."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select

from webapp.blacklist.models import Blacklisting
from webapp.customers.fields import (
    UUID_SHAPED,
    Details,
    read_birthday,
    read_country,
    reference_keys,
)
from webapp.customers.models import Customer
from webapp.customers.numbering.countries import Country, dial_code_of
from webapp.customers.numbering.phones import comparable_phone, read_phone
from webapp.kernel.database import db
from webapp.kernel.fields import email_key, read_email, read_name, read_text
from webapp.kernel.refusals import InvalidDetails
from webapp.kernel.submission import Submission
from webapp.lookalikes.candidates import Candidate, Record
from webapp.lookalikes.distinct import marked_distinct_from
from webapp.lookalikes.known_identifiers import emails_known_of
from webapp.lookalikes.signals import WEIGHTS, Lookalike, lookalikes_of

C = TypeVar("C", Customer, Record, Customer | Record)
MAX_AT_ONCE = 500
HANDLES = ("id", "reference", "email")


class Answer(StrEnum):
    ALLOW = "allow"
    REVIEW = "review"
    DENY = "deny"


class NothingToCompare(InvalidDetails):
    sentence = "Give an id, reference, e-mail or phone, or both names with a country or birthday"


@dataclass(frozen=True)
class Verdict:
    """The decision about one person.

    Attributes:
        answer: `deny` if they are blacklisted, identified by id, reference or e-mail address or, if
            these identify nobody, by phone or by an address their record has had since; `review` if
            they look like somebody blacklisted, or if nothing could be compared; otherwise `allow`,
            also for people not in the book.
        matched_on: What matched: `id`, `reference`, or the signals of look-alikes.
        reasons: The reason codes of the cases.
        not_read: Why a field could not be compared, by field.
        problem: Why nothing could be compared; the empty string if something was.
        customers: The customers they are or look like; shown to staff only.
        known: The customers identified by id, reference or address.
        nobodys: The handles that identify nobody in the book.
    """

    answer: Answer
    matched_on: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    not_read: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problem: str = ""
    customers: tuple[Customer | Record, ...] = ()
    known: tuple[Customer, ...] = ()
    nobodys: tuple[str, ...] = ()


@dataclass
class _Person:
    """What was given about one person, as far as it could be read, and the customers whom its
    handles identify.
    """

    handles: dict[str, Any]
    details: Details
    not_read: Mapping[str, Sequence[str]]
    known: dict[str, Customer] = field(default_factory=dict)

    @property
    def can_be_compared(self) -> bool:
        return bool(self.handles or self.details.phone or _has_a_name_to_compare(self.details))


def check(raw: Mapping[str, Any]) -> Verdict:
    """The decision about one person, by the fields that can be read; others go into `not_read`.

    Args:
        raw: Any of `id`, `reference`, `email`, `phone`, `country`, `first_name`, `last_name`,
            `birthday`, as typed.

    Raises:
        Invalid: `invalid_details`, when nothing was given that could be compared.
    """
    person = _read(raw)
    if not person.can_be_compared:
        problems = person.not_read or {"email": [NothingToCompare.sentence]}
        raise NothingToCompare(problems)
    return _verdicts([person])[0]


def check_all(people: Sequence[Any]) -> list[Verdict]:
    """The decisions about up to 500 people, in order; `review` for whoever cannot be compared.

    Raises:
        Invalid: `invalid_details`, when there are none or too many.
    """
    refuse_too_many(people)
    return _verdicts([_read(one if isinstance(one, Mapping) else {}) for one in people])


def refuse_too_many(people: Sequence[Any]) -> None:
    """Refuse a batch of the wrong size before any of it is processed.

    Raises:
        Invalid: `invalid_details`, when there are none or too many.
    """
    if not 1 <= len(people) <= MAX_AT_ONCE:
        raise InvalidDetails.on("customers", f"Ask about 1 to {MAX_AT_ONCE} people at once")


def _read(raw: Mapping[str, Any]) -> _Person:
    submission = Submission()
    present = {name: value for name, value in raw.items() if value not in (None, "")}
    readers: dict[str, Any] = {"id": _read_id, "reference": _read_reference, "email": read_email}
    readers |= {"first_name": read_name, "last_name": read_name, "birthday": read_birthday}
    for name, reader in readers.items():
        if name in present:
            submission.read(name, reader, present[name])
    values = submission.values | _read_phone(submission, present)
    handles = {name: values[name] for name in HANDLES if name in values}
    return _Person(handles, _details(values), submission.problems)


def _read_phone(submission: Submission, present: Mapping[str, Any]) -> dict[str, Any]:
    """The phone in the form in which it is compared, and the dial code of the country given, or
    else of the phone.
    """
    submission.read("country", read_country, present.get("country"))
    country = submission.values.pop("country", None)
    submission.read("phone", _comparable, present.get("phone"), country)
    phone = submission.values.pop("phone", None)
    dial_code = country.dial_code if country else dial_code_of(phone) if phone else None
    return {"phone": phone, "dial_code": dial_code}


def _comparable(raw: Any, country: Country | None) -> str | None:
    text = read_text(raw)
    phone = comparable_phone(text, country) if text else None
    if text and phone is None:
        read_phone(text, country)  # raises with what is wrong
    return phone


def _read_id(raw: Any) -> UUID:
    text = read_text(raw)
    if not UUID_SHAPED.fullmatch(text):
        raise ValueError("This is not an id")
    return UUID(text)


def _read_reference(raw: Any) -> str:
    return read_text(raw).lower()


def _details(values: Mapping[str, Any]) -> Details:
    first, last, email = (values.get(name) or "" for name in ("first_name", "last_name", "email"))
    more = (values.get(name) for name in ("phone", "dial_code", "birthday"))
    return Details(first, last, email, *more)


def _has_a_name_to_compare(details: Details) -> bool:
    is_told_apart_by = details.dial_code or details.birthday
    return bool(details.first_name and details.last_name and is_told_apart_by)


def _verdicts(people: Sequence[_Person]) -> list[Verdict]:
    """The verdicts, with a few statements for all people together."""
    _find_known(people)
    apart = marked_distinct_from(
        {customer.seq for person in people for customer in person.known.values()}
    )
    sought = [_sought(person, apart) for person in people]
    alike = iter(lookalikes_of([one for each in sought for one in each], blacklisted=True))
    lookalikes = [[one for _ in each for one in next(alike)] for each in sought]
    had = emails_known_of(
        {one.customer.seq for suspects in lookalikes for one in suspects if "email" in one.signals}
    )
    return _with_reasons(
        [
            _verdict(person, suspects, had)
            for person, suspects in zip(people, lookalikes, strict=True)
        ]
    )


def _sought(person: _Person, apart: Mapping[int, Mapping[int, set[str]]]) -> list[Candidate]:
    """The details given and those of the customers identified; the former only if they differ."""
    known = _each_once(person.known.values())
    signals_by_seq = {
        seq: signals for customer in known for seq, signals in apart[customer.seq].items()
    }
    records = [Candidate(customer.details, customer.seq, signals_by_seq) for customer in known]
    is_all_known = any(record.details == person.details for record in records)
    return records if is_all_known else [Candidate(person.details, None, signals_by_seq), *records]


def _find_known(people: Sequence[_Person]) -> None:
    """Find the customers of all ids, references and addresses, with one statement per kind."""
    columns = {
        "id": Customer.id,
        "reference": func.lower(Customer.reference),
        "email": Customer.email_key,
    }
    for name, column in columns.items():
        asked = {
            key
            for person in people
            if name in person.handles
            for key in _keys(name, person.handles[name])
        }
        if not asked:
            continue
        query: Select[Any] = select(column, Customer).where(column.in_(sorted(asked)))
        known: dict[Any, Customer] = {row[0]: row[1] for row in db.session.execute(query)}
        for person in people:
            keys = _keys(name, person.handles[name]) if name in person.handles else ()
            for key in keys:
                if key in known:
                    person.known.setdefault(name, known[key])


def _keys(name: str, value: Any) -> tuple[Any, ...]:
    """What a handle may be stored as."""
    if name == "reference":
        return reference_keys(value)
    return (email_key(value) if name == "email" else value,)


def _verdict(
    person: _Person, suspects: Sequence[Lookalike], had: Mapping[int, Set[str]]
) -> Verdict:
    verdict = Verdict(Answer.REVIEW, problem=NothingToCompare.sentence)
    if person.can_be_compared:
        verdict = _decided(person, suspects, had)
    return replace(
        verdict,
        not_read=person.not_read,
        known=tuple(_each_once(person.known.values())),
        nobodys=tuple(person.handles.keys() - person.known.keys()),
    )


def _decided(
    person: _Person, suspects: Sequence[Lookalike], had: Mapping[int, Set[str]]
) -> Verdict:
    denied = {name: customer for name, customer in person.known.items() if customer.blacklisted}
    if denied:
        return Verdict(Answer.DENY, tuple(denied), customers=tuple(_each_once(denied.values())))
    if not suspects:
        return Verdict(Answer.ALLOW)
    if not person.known:
        email = email_key(person.details.email) if person.details.email else None
        by_email = [one.customer for one in suspects if email in had.get(one.customer.seq, ())]
        by_phone = [one.customer for one in suspects if "phone" in one.signals]
        matched = tuple(name for name, owner in (("email", by_email), ("phone", by_phone)) if owner)
        if matched:
            return Verdict(Answer.DENY, matched, customers=tuple(_each_once(by_email + by_phone)))
    signals = {signal for one in suspects for signal in one.signals}
    matched_on = tuple(signal for signal in WEIGHTS if signal in signals)
    return Verdict(
        Answer.REVIEW, matched_on, customers=tuple(_each_once(one.customer for one in suspects))
    )


def _each_once(customers: Iterable[C]) -> list[C]:
    return list({customer.seq: customer for customer in customers}.values())


def _with_reasons(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts with the reasons of the open cases, read in one statement."""
    seqs = {customer.seq for verdict in verdicts for customer in verdict.customers}
    is_open = Blacklisting.customer_seq.in_(sorted(seqs)) & Blacklisting.closed_at.is_(None)
    query = select(Blacklisting.customer_seq, Blacklisting.reason).where(is_open)
    reasons = dict(db.session.execute(query).all()) if seqs else {}
    return [
        replace(
            verdict,
            reasons=tuple(
                sorted({reasons[one.seq] for one in verdict.customers if one.seq in reasons})
            ),
        )
        for verdict in verdicts
    ]
