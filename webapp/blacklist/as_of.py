"""A customer with all cases as of an earlier moment, reconstructed from history and reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from webapp.blacklist.case import reviews_of, show_review
from webapp.blacklist.models import Blacklisting, Decision, Review, State
from webapp.blacklist.moves import (
    CaseMove,
    cases_held,
    entries_while_held,
    moves_of,
    was_joined,
)
from webapp.customers.clashes import GROUPS
from webapp.customers.merged import CAME_BACK, MERGED_INTO, find_record
from webapp.customers.models import Customer
from webapp.history.entries import HistoryEntry, entries_of
from webapp.kernel import clock
from webapp.kernel.refusals import NotFound

COPIED = (
    "seq", "customer_seq", "reason", "note", "evidence", "opened_at", "opened_by_kind",
    "opened_by_id", "opened_by_name", "accountable_id",
)  # fmt: skip
CLOSING = (
    "outcome",
    "closed_at",
    "closed_by_kind",
    "closed_by_id",
    "closed_by_name",
    "closed_note",
)


class NotYet(NotFound):
    code = "not_yet"
    sentence = "This customer was not in the book yet at that time"


class MergedThen(NotFound):
    """The record was merged into another one at that time.

    Attributes:
        survivor_id: Of whom it was a part then.
    """

    code = "not_yet"
    sentence = "This record was part of another customer at that time"

    def __init__(self, survivor_id: UUID) -> None:
        super().__init__()
        self.survivor_id = survivor_id


@dataclass(frozen=True)
class CustomerAsOf:
    """A customer as of a moment; the rows are copies that belong to no session.

    Attributes:
        entries: What had happened by then, newest first.
    """

    at: datetime
    customer: Customer
    case: Blacklisting | None
    closed_cases: Sequence[Blacklisting]
    entries: Sequence[HistoryEntry]


def as_it_was(customer: Customer, at: datetime) -> CustomerAsOf:
    """A customer as of a moment.

    Raises:
        NotFound: `not_yet`, they were not in the book at that time, or `MergedThen`.
    """
    entries = entries_of(customer.subject, limit=None)
    until = [entry for entry in entries if entry.at <= at]
    if not until:
        raise NotYet
    _refuse_merged(until)
    cases = cases_held(customer.seq, at)
    reviews, moves = reviews_of(cases), moves_of([case.seq for case in cases])
    then = [
        _case_then(case, [r for r in reviews if r.case_seq == case.seq], moves[case.seq], until, at)
        for case in cases
    ]
    is_open = next((case for case in then if case.closed_at is None), None)
    later = [entry for entry in entries if entry.at > at]
    for case, one in zip(cases, then, strict=True):
        one.until = _until_then(case, later)
    then_customer = _customer_then(customer, later, until[0], blacklisted=is_open is not None)
    return CustomerAsOf(
        at, then_customer, is_open, [case for case in then if case.closed_at], until
    )


def _until_then(case: Blacklisting, later: Sequence[HistoryEntry]) -> datetime | None:
    """The end that a case had before some later entries, given newest first."""
    until = case.until
    for entry in later:
        is_its_own = case.opened_at <= entry.at and not (
            case.closed_at and case.closed_at < entry.at
        )
        changes_it = entry.kind == "end_set" or (entry.kind == "reopened" and entry.old("until"))
        if changes_it and is_its_own:
            until = clock.from_iso(entry.old("until"))
    return until


def _refuse_merged(until: Sequence[HistoryEntry]) -> None:
    last = next((one for one in until if one.kind in (MERGED_INTO, CAME_BACK)), None)
    survivor = find_record(last.new("other")) if last and last.kind == MERGED_INTO else None
    if survivor:
        raise MergedThen(survivor.id)


def _customer_then(
    customer: Customer, later: Sequence[HistoryEntry], last: HistoryEntry, *, blacklisted: bool
) -> Customer:
    """The customer before some later entries, given newest first: each field's old value in the
    oldest entry that changed it.
    """
    details: dict[str, Any] = {
        name: getattr(customer, name) for names in GROUPS.values() for name in names
    }
    for entry in later:
        details |= {name: entry.old(name) for name in entry.fields if name in details}
    return Customer(
        seq=customer.seq,
        id=customer.id,
        reference=customer.reference,
        created_at=customer.created_at,
        updated_at=last.at,
        version=last.version,
        blacklisted=blacklisted,
        **details,
    )


def _case_then(
    case: Blacklisting,
    reviews: Sequence[Review],
    moves: Sequence[CaseMove],
    until: Sequence[HistoryEntry],
    at: datetime,
) -> Blacklisting:
    then = Blacklisting(**{name: getattr(case, name) for name in COPIED})
    standing = [
        review
        for review in reviews
        if review.at <= at and (review.undone_at is None or review.undone_at > at)
    ]
    show_review(then, standing)
    last = standing[-1] if standing else None
    again = next((one for one in reviews if one.closed_at and one.closed_at <= at < one.at), None)
    if last and last.decision == Decision.OVERTURNED:
        then.outcome, then.closed_at, then.closed_by_name = last.decision, last.at, last.by_name
    elif again:
        then.outcome, then.closed_at = again.closed_outcome, again.closed_at
        then.closed_by_name = again.closed_by_name
    elif case.closed_at and case.closed_at <= at:
        for name in CLOSING:
            setattr(then, name, getattr(case, name))
    elif joined := was_joined(moves, at):
        then.outcome, then.closed_at = State.JOINED.value, joined.at
        then.closed_by_name = joined.joined_by_name
    if moves:
        until = [entry for entry in entries_while_held(case, moves) if entry.at <= at]
    _show_request(then, until)
    return then


def _show_request(then: Blacklisting, until: Sequence[HistoryEntry]) -> None:
    """Set the last request to lift the case that was made by then."""
    while_open = [
        e
        for e in until
        if e.at >= then.opened_at and (then.closed_at is None or e.at <= then.closed_at)
    ]
    asked = next((e for e in while_open if e.kind == "lift_asked"), None)
    if asked:
        then.lift_asked_at, then.lift_reason = asked.at, asked.new("note")
        then.lift_asked_by_id = asked.new("accountable_id") or asked.actor_id
        then.lift_asked_by_name = asked.actor_name
