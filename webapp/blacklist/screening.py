"""Screening: may this person proceed? For one person or hundreds, for programs and for staff."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select

from webapp.blacklist.entries.matching import entries_about
from webapp.blacklist.entries.models import BlacklistEntry, Level
from webapp.blacklist.models import Blacklisting
from webapp.blacklist.person_given import (
    NothingToCompare,
    PersonGiven,
    find_known,
    read_person,
)
from webapp.customers.fields import Details
from webapp.customers.merged import MergedCustomer, records_of
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.kernel.fields import email_key
from webapp.kernel.refusals import InvalidDetails
from webapp.lookalikes.candidates import Candidate, Record
from webapp.lookalikes.distinct import marked_distinct_from
from webapp.lookalikes.known_identifiers import emails_known_of
from webapp.lookalikes.signals import WEIGHTS, Lookalike, lookalikes_of

C = TypeVar("C", Customer, Record, Customer | Record)
MAX_AT_ONCE = 500


class Answer(StrEnum):
    ALLOW = "allow"
    REVIEW = "review"
    DENY = "deny"


@dataclass(frozen=True)
class Verdict:
    """The decision about one person.

    Attributes:
        answer: `deny` if they are blacklisted, identified by id, reference or e-mail address or, if
            these identify nobody, by phone or by an address their record has had since; `review` if
            they look like somebody blacklisted, or if nothing could be compared; otherwise `allow`,
            also for people not in the book. Entries decide with them: `deny` before `review`, and
            an entry that allows before a likeness, or an entry that holds back.
        matched_on: What matched: `id`, `reference`, the signals of look-alikes, or the kinds of
            entries, such as `domain_entry`.
        reasons: The reason codes of the cases and entries.
        not_read: Why a field could not be compared, by field.
        problem: Why nothing could be compared; the empty string if something was.
        customers: The customers they are or look like; shown to staff only.
        entries: The entries of the blacklist that decide; shown to staff only.
        known: The customers identified by id, reference or address.
        nobodys: The handles that identify nobody in the book.
    """

    answer: Answer
    matched_on: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    not_read: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problem: str = ""
    customers: tuple[Customer | Record, ...] = ()
    entries: tuple[BlacklistEntry, ...] = ()
    known: tuple[Customer, ...] = ()
    nobodys: tuple[str, ...] = ()


def check(raw: Mapping[str, Any]) -> Verdict:
    """The decision about one person, by the fields that can be read; others go into `not_read`.

    Args:
        raw: Any of `id`, `reference`, `email`, `phone`, `country`, `first_name`, `last_name`,
            `birthday`, as typed.

    Raises:
        Invalid: `invalid_details`, when nothing was given that could be compared.
    """
    person = read_person(raw)
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
    return _verdicts([read_person(one if isinstance(one, Mapping) else {}) for one in people])


def refuse_too_many(people: Sequence[Any]) -> None:
    """Refuse a batch of the wrong size before any of it is processed.

    Raises:
        Invalid: `invalid_details`, when there are none or too many.
    """
    if not 1 <= len(people) <= MAX_AT_ONCE:
        raise InvalidDetails.on("customers", f"Ask about 1 to {MAX_AT_ONCE} people at once")


def _verdicts(people: Sequence[PersonGiven]) -> list[Verdict]:
    """The verdicts, with a few statements for all people together."""
    find_known(people)
    apart = marked_distinct_from(
        {customer.seq for person in people for customer in person.known.values()}
    )
    known = {one.seq: one for person in people for one in person.known.values()}
    merged = records_of(known.values())
    sought = [_sought(person, apart, merged) for person in people]
    alike = iter(lookalikes_of([one for each in sought for one in each], blacklisted=True))
    lookalikes = [[one for _ in each for one in next(alike)] for each in sought]
    had = emails_known_of(
        {one.customer.seq for suspects in lookalikes for one in suspects if "email" in one.signals}
    )
    entries = entries_about(
        [
            [person.details, *(record.details for record in _records(person, merged))]
            for person in people
        ],
        [[record.reference for record in _records(person, merged)] for person in people],
    )
    return _with_reasons(
        [
            _verdict(person, suspects, had, about)
            for person, suspects, about in zip(people, lookalikes, entries, strict=True)
        ]
    )


def _sought(
    person: PersonGiven,
    apart: Mapping[int, Mapping[int, set[str]]],
    merged: Mapping[int, Sequence[MergedCustomer]],
) -> list[Candidate]:
    """The details given and those of the customers identified; the former only if they differ."""
    signals_by_seq = {
        seq: signals
        for customer in person.known.values()
        for seq, signals in apart[customer.seq].items()
    }
    records = [Candidate(one.details, one.seq, signals_by_seq) for one in _records(person, merged)]
    is_all_known = any(record.details == person.details for record in records)
    return records if is_all_known else [Candidate(person.details, None, signals_by_seq), *records]


class _Record(NamedTuple):
    """What a customer is known by, or a record that was merged into theirs."""

    details: Details
    reference: str
    seq: int


def _records(person: PersonGiven, merged: Mapping[int, Sequence[MergedCustomer]]) -> list[_Record]:
    records: list[_Record] = []
    for customer in _each_once(person.known.values()):
        own: list[Customer | MergedCustomer] = [customer, *merged.get(customer.seq, ())]
        records += [_Record(one.details, one.reference, customer.seq) for one in own]
    return records


def _verdict(
    person: PersonGiven,
    suspects: Sequence[Lookalike],
    had: Mapping[int, Set[str]],
    entries: Sequence[BlacklistEntry],
) -> Verdict:
    verdict = Verdict(Answer.REVIEW, problem=NothingToCompare.sentence)
    if person.can_be_compared:
        verdict = with_entries(_decided(person, suspects, had), entries)
    return replace(
        verdict,
        not_read=person.not_read,
        known=tuple(_each_once(person.known.values())),
        nobodys=tuple(person.handles.keys() - person.known.keys()),
    )


def _decided(
    person: PersonGiven, suspects: Sequence[Lookalike], had: Mapping[int, Set[str]]
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


def with_entries(verdict: Verdict, entries: Sequence[BlacklistEntry]) -> Verdict:
    """What is decided by customers and by entries together: deny, else allow, else review.

    An entry that allows silences likenesses and entries that hold back, never a blacklisting.
    """
    by_level = {level: tuple(one for one in entries if one.level == level) for level in Level}
    is_denied = verdict.answer is Answer.DENY
    if by_level[Level.DENY]:
        matched = verdict if is_denied else Verdict(Answer.DENY)
        return _decided_by(by_level[Level.DENY], matched)
    if is_denied:
        return verdict
    if by_level[Level.ALLOW]:
        return _decided_by(by_level[Level.ALLOW], Verdict(Answer.ALLOW))
    if by_level[Level.REVIEW]:
        return _decided_by(by_level[Level.REVIEW], replace(verdict, answer=Answer.REVIEW))
    return verdict


def _decided_by(entries: Sequence[BlacklistEntry], verdict: Verdict) -> Verdict:
    kinds = dict.fromkeys(f"{one.kind}_entry" for one in entries)
    return replace(verdict, matched_on=(*verdict.matched_on, *kinds), entries=tuple(entries))


def _each_once(customers: Iterable[C]) -> list[C]:
    return list({customer.seq: customer for customer in customers}.values())


def _with_reasons(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts with the reasons of the open cases, read in one statement, and of entries."""
    seqs = {customer.seq for verdict in verdicts for customer in verdict.customers}
    is_open = Blacklisting.customer_seq.in_(sorted(seqs)) & Blacklisting.closed_at.is_(None)
    query = select(Blacklisting.customer_seq, Blacklisting.reason).where(is_open)
    reasons = dict(db.session.execute(query).all()) if seqs else {}
    return [
        replace(
            verdict,
            reasons=tuple(
                sorted(
                    {reasons[one.seq] for one in verdict.customers if one.seq in reasons}
                    | {one.reason for one in verdict.entries if one.reason}
                )
            ),
        )
        for verdict in verdicts
    ]
