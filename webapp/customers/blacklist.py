"""The blacklist: cases are opened for a reason, taken back by whoever opened them, and lifted by somebody else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from webapp import clock
from webapp.customers.models import LONGEST_NOTE, Blacklisting, Customer
from webapp.customers.record import locked_customer, write_down
from webapp.database import db, writing
from webapp.errors import Conflict, Invalid
from webapp.history import Actor
from webapp.person import read_lines

REASON_NAMES = {
    "fraud": "Fraud",
    "chargeback": "Charge-back",
    "identity": "False identity",
    "abuse": "Abuse of staff",
    "terms": "Broke the terms",
    "request": "At the customer's request",
    "other": "Other",
    "unspecified": "No reason given",
}
REASONS_OFFERED = {reason: name for reason, name in REASON_NAMES.items() if reason != "unspecified"}
UNDO_FOR = timedelta(minutes=10)
REVIEW_AFTER = timedelta(days=90)


@dataclass(frozen=True)
class Opening:
    """What came of blacklisting a customer.

    Attributes:
        customer: As they stand now.
        case: The open case.
        is_new: Whether it was opened now; else somebody was first, and their reason stands.
    """

    customer: Customer
    case: Blacklisting
    is_new: bool


def open_case(
    customer_id: UUID, *, reason: Any, note: Any = "", by: Actor, only_versions: Collection[int] | None = None
) -> Opening:
    """Blacklist a customer. It bites at once, and waits for review by a manager who did not open it.

    Args:
        reason: One of `REASONS_OFFERED`. A program may give none, which the review will have to find out.
        note: Up to 2,000 characters; required for `other`.
        only_versions: Refuse unless the customer's version is one of these.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with problems on `reason` and `note`.
        Outdated: the version is another one.
    """
    if reason is None and by.kind == "key":
        reason, note = "unspecified", _read_note_alone(note)
    else:
        note = _read_opening(reason, note)
    with writing():
        customer = locked_customer(customer_id, only_versions=only_versions)
        present = find_open(customer)
        if present:
            return Opening(customer, present, is_new=False)
        customer.blacklisted = True
        new = {"blacklisted": True, "reason": reason} | ({"note": note} if note else {})
        write_down(customer, "blacklisted", by=by, old={"blacklisted": False}, new=new)
        case = _new_case(customer, reason, note, by)
        db.session.add(case)
        return Opening(customer, case, is_new=True)


def _read_opening(reason: Any, note: Any) -> str:
    problems: dict[str, list[str]] = {}
    if not isinstance(reason, str) or reason not in REASONS_OFFERED:
        problems["reason"] = ["Choose a reason"]
    text = _read_note(note, problems)
    if reason == "other" and not text and "note" not in problems:
        problems["note"] = ["Say in a note what the reason is"]
    if problems:
        raise Invalid("invalid_details", "Some details need another look", problems)
    return text


def _read_note_alone(note: Any) -> str:
    problems: dict[str, list[str]] = {}
    text = _read_note(note, problems)
    if problems:
        raise Invalid("invalid_details", problems["note"][0], problems)
    return text


def _read_note(note: Any, problems: dict[str, list[str]]) -> str:
    try:
        return read_lines(note, most=LONGEST_NOTE)
    except ValueError as problem:
        problems["note"] = [str(problem)]
        return ""


def _new_case(customer: Customer, reason: str, note: str, by: Actor) -> Blacklisting:
    opened_at = customer.updated_at
    return Blacklisting(
        customer_seq=customer.seq,
        reason=reason,
        note=note,
        opened_at=opened_at,
        opened_by_kind=by.kind,
        opened_by_id=by.id,
        opened_by_name=by.name,
        accountable_id=by.accountable_id,
        review_by=opened_at + REVIEW_AFTER,
    )


def undo(customer_id: UUID, *, case_seq: int | None, by: Actor) -> Customer:
    """Take a blacklisting back that one opened oneself, within ten minutes and while nobody has reviewed it.

    Args:
        case_seq: The case that was seen; another one that was opened meanwhile is left alone.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `not_blacklisted`, `other_case`, `not_yours`, `reviewed` or `too_late`.
    """
    with writing():
        customer, case = _locked_case(customer_id, case_seq)
        _raise(refusal_to_undo(case, by=by, now=clock.now()))
        return _close(customer, case, "undone", by=by)


def refusal_to_undo(case: Blacklisting, *, by: Actor, now: datetime) -> Conflict | None:
    """Why somebody may not take this open case back; `None` when they may."""
    if not _is_opener(case, by):
        return Conflict("not_yours", f"{case.opened_by_name} opened this blacklisting; only they can take it back")
    if case.reviewed_at:
        return Conflict("reviewed", f"{case.reviewed_by_name} has reviewed this blacklisting; a manager can lift it")
    if now - case.opened_at > UNDO_FOR:
        return Conflict("too_late", "Ten minutes have passed; a manager can lift this blacklisting")
    return None


def lift(customer_id: UUID, *, case_seq: int | None, note: str, by: Actor) -> Customer:
    """Close a blacklisting that was right at the time. Nobody lifts what they opened themselves.

    Args:
        case_seq: The case that was seen; another one that was opened meanwhile is left alone.
        note: Why, up to 2,000 characters; required.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `not_blacklisted`, `other_case` or `own_decision`.
    """
    text = _read_note_alone(note)
    if not text:
        missing = "Say why the blacklisting is lifted"
        raise Invalid("invalid_details", missing, {"note": [missing]})
    with writing():
        customer, case = _locked_case(customer_id, case_seq)
        _raise(refusal_to_lift(case, by=by))
        return _close(customer, case, "lifted", by=by, note=text)


def refusal_to_lift(case: Blacklisting, *, by: Actor) -> Conflict | None:
    """Why a manager may not lift this open case; `None` when they may. The owner of a key counts as its opener."""
    if case.accountable_id is not None and case.accountable_id == by.accountable_id:
        return Conflict("own_decision", "You opened this blacklisting yourself; another manager must lift it")
    return None


def clear(
    customer_id: UUID, *, reason: Any = None, note: Any = "", by: Actor, only_versions: Collection[int] | None = None
) -> Customer:
    """Take a customer off the blacklist as a program does, which knows a flag and no cases.

    It always clears what it opened itself; what others opened only if its owner is somebody else; what a manager has
    upheld, never. A flag that is not set stays so.

    Args:
        reason: Means nothing here, but must be one if it is given.
        note: Why, up to 2,000 characters.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with problems on `reason` and `note`.
        Conflict: `upheld` or `own_decision`.
        Outdated: the version is another one.
    """
    text = _read_note_alone(note) if reason is None else _read_opening(reason, note)
    with writing():
        customer = locked_customer(customer_id, only_versions=only_versions)
        case = find_open(customer)
        if case is None:
            return customer
        _raise(_refusal_to_clear(case, by=by))
        return _close(customer, case, "lifted", by=by, note=text or None)


def _refusal_to_clear(case: Blacklisting, *, by: Actor) -> Conflict | None:
    if case.reviewed_at:
        return Conflict("upheld", f"{case.reviewed_by_name} has upheld this blacklisting; only a manager lifts it")
    if _is_opener(case, by):
        return None
    if refusal_to_lift(case, by=by):
        return Conflict("own_decision", "The owner of this key opened the blacklisting; somebody else must lift it")
    return None


def _is_opener(case: Blacklisting, actor: Actor) -> bool:
    return actor.id is not None and (case.opened_by_kind, case.opened_by_id) == (actor.kind, actor.id)


def _raise(refusal: Conflict | None) -> None:
    if refusal:
        raise refusal


def _locked_case(customer_id: UUID, case_seq: int | None) -> tuple[Customer, Blacklisting]:
    customer = locked_customer(customer_id)
    case = find_open(customer)
    if case is None:
        raise Conflict("not_blacklisted", _how_it_was_closed(customer))
    if case.seq != case_seq:
        sentence = f"{case.opened_by_name} has opened another blacklisting meanwhile; look at it first"
        raise Conflict("other_case", sentence)
    return customer, case


def _how_it_was_closed(customer: Customer) -> str:
    closed = closed_cases(customer.seq)
    if not closed:
        return "This customer is not blacklisted"
    verb = {"undone": "took this blacklisting back"}.get(
        str(closed[0].outcome), f"{closed[0].outcome} this blacklisting"
    )
    return f"{closed[0].closed_by_name} {verb} already"


def _close(customer: Customer, case: Blacklisting, outcome: str, *, by: Actor, note: str | None = None) -> Customer:
    customer.blacklisted = False
    new: dict[str, Any] = {"blacklisted": False} | ({"note": note} if note else {})
    write_down(customer, outcome, by=by, old={"blacklisted": True}, new=new)
    case.outcome, case.closed_at, case.closed_note = outcome, customer.updated_at, note
    case.closed_by_kind, case.closed_by_id, case.closed_by_name = by.kind, by.id, by.name
    return customer


def find_open(customer: Customer) -> Blacklisting | None:
    """The case that keeps this customer on the blacklist."""
    if not customer.blacklisted:
        return None
    query = select(Blacklisting).where(Blacklisting.customer_seq == customer.seq, Blacklisting.closed_at.is_(None))
    return db.session.scalar(query)


def closed_cases(customer_seq: int) -> Sequence[Blacklisting]:
    """Every earlier case of a customer, newest first; `customer_seq` may be that of a deleted one."""
    closed = select(Blacklisting).where(Blacklisting.customer_seq == customer_seq, Blacklisting.closed_at.is_not(None))
    return db.session.scalars(closed.order_by(Blacklisting.seq.desc())).all()
