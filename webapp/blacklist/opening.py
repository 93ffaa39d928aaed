"""Open a case for a reason, undo it as its opener, ask for it to be lifted, or clear it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import Any
from uuid import UUID

from webapp.blacklist.case import (
    UNDO_FOR,
    changing_case,
    close,
    find_open,
    first_review_by,
    read_evidence,
)
from webapp.blacklist.models import REASONS_OFFERED, Blacklisting
from webapp.blacklist.moves import joined_to
from webapp.customers.changes import changing_customer
from webapp.customers.models import Customer
from webapp.history.changes import Change
from webapp.history.entries import Actor
from webapp.history.eyes import OwnDecision, eyes_of
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db
from webapp.kernel.fields import MAX_NOTE_LENGTH, read_lines, read_until, refuse_past
from webapp.kernel.refusals import Conflict, InvalidDetails, refuse
from webapp.kernel.submission import Submission, read_note


class NotYours(Conflict):
    code = "not_yours"
    sentence = "{by_name} opened this blacklisting; only they can undo it"


class Reviewed(Conflict):
    code = "reviewed"
    sentence = "{by_name} has reviewed this blacklisting; a manager can remove it"


class TooLate(Conflict):
    code = "too_late"
    sentence = "Ten minutes have passed; a manager can remove this blacklisting"


class LiftAsked(Conflict):
    code = "lift_asked"
    sentence = "{by_name} has asked for this already; a manager will decide"
    meaning = "Somebody has asked for this already"


class JoinedWithOthers(Conflict):
    code = "joined"
    sentence = "Another blacklisting is joined with this one; only a manager removes it"


class Upheld(Conflict):
    code = "upheld"
    sentence = "{by_name} has kept this blacklisting; only a manager removes it"
    meaning = "A manager has kept this blacklisting; only a manager removes it"


class OpenedByOwner(OwnDecision):
    sentence = "The owner of this key opened the blacklisting; somebody else must remove it"


@dataclass(frozen=True)
class Opening:
    """What came of blacklisting a customer.

    Attributes:
        customer: As they stand now.
        case: The open case.
        is_new: Whether this call opened it; otherwise somebody was first, and their reason stands.
    """

    customer: Customer
    case: Blacklisting
    is_new: bool


def open_case(
    customer_id: UUID,
    *,
    reason: Any,
    note: Any = "",
    evidence: Any = "",
    until: Any = "",
    zone: tzinfo | None = None,
    by: Actor,
    only_versions: Collection[int] | None = None,
) -> Opening:
    """Blacklist a customer. Takes effect immediately, then waits for review by a manager who did
    not open it.

    Args:
        reason: One of `REASONS_OFFERED`. A program may give none; the review must then establish
            it.
        note: Up to 2,000 characters; required for `other`.
        evidence: Links, one per line, https only.
        until: When it ends: see `read_until`; `zone` is of a moment that names none.
        only_versions: Refuse unless the customer's version is one of these.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with problems on `reason`, `note`, `evidence` and `until`.
        Outdated: the customer has another version.
    """
    note, links, end = _read_all(reason, note, evidence, until, zone, by)
    reason = reason or "unspecified"
    with changing_customer(
        customer_id, by=by, only_versions=only_versions, or_survivor=True
    ) as change:
        customer, present = change.row, find_open(change.row)
        if present:
            return Opening(customer, present, is_new=False)
        refuse_past(end, change.at)
        case = _new_case(change, reason, note, links, end)
        customer.enter_blacklist(case.opened_at)
        words = {"note": note, "evidence": links, "until": in_iso(end) if end else None}
        new = {"blacklisted": True, "reason": reason} | {
            name: value for name, value in words.items() if value
        }
        known = {"case": case.seq, "accountable_id": by.accountable_id}
        change.record("blacklisted", old={"blacklisted": False}, new=new | known)
        return Opening(customer, case, is_new=True)


def _read_all(
    reason: Any, note: Any, evidence: Any, until: Any, zone: tzinfo | None, by: Actor
) -> tuple[str, list[str], datetime | None]:
    submission = Submission()
    submission.read("until", read_until, until, zone)
    is_bare = reason is None and by.kind == "key"
    text, links = "", list[str]()
    try:
        text, links = (read_note(note), links) if is_bare else read_opening(reason, note, evidence)
    except InvalidDetails as refusal:
        submission.problems |= {name: list(texts) for name, texts in refusal.fields.items()}
    submission.refuse_if_wrong()
    return text, links, submission.values["until"]


def read_opening(reason: Any, note: Any, evidence: Any = "") -> tuple[str, list[str]]:
    """Read what a person says when they blacklist somebody: the note and the links.

    Raises:
        Invalid: `invalid_details`, with problems on `reason`, `note` and `evidence`.
    """
    submission = Submission()
    submission.read("reason", read_reason, reason)
    submission.read("note", partial(read_lines, most=MAX_NOTE_LENGTH), note)
    if reason == "other" and submission.values.get("note") == "":
        submission.note("note", "Say in a note what the reason is")
    submission.read("evidence", read_evidence, evidence)
    submission.refuse_if_wrong()
    return submission.values["note"], submission.values["evidence"]


def read_reason(raw: Any) -> str:
    """Read a reason code.

    Raises:
        ValueError: it is none of `REASONS_OFFERED`.
    """
    if not isinstance(raw, str) or raw not in REASONS_OFFERED:
        raise ValueError("Choose a reason")
    return raw


def _new_case(
    change: Change[Customer], reason: str, note: str, evidence: list[str], until: datetime | None
) -> Blacklisting:
    by = change.by
    case = Blacklisting(
        customer_seq=change.row.seq,
        reason=reason,
        note=note,
        evidence=evidence,
        until=until,
        opened_at=change.at,
        opened_by_kind=by.kind,
        opened_by_id=by.id,
        opened_by_name=by.name,
        accountable_id=by.accountable_id,
        review_by=first_review_by(change.at),
    )
    db.session.add(case)
    db.session.flush()
    return case


def undo(customer_id: UUID, *, case_seq: int | None, by: Actor) -> Customer:
    """Undo a blacklisting that one opened oneself, within ten minutes and before any review.

    Args:
        case_seq: The case the caller saw; one opened since is left alone.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `not_blacklisted`, `other_case`, `not_yours`, `reviewed`, `too_late` or `joined`.
    """
    with changing_case(customer_id, case_seq, by=by) as (change, case):
        refuse(refusal_to_undo(case, by=by, now=clock.now()))
        return close(change, case, "undone")


def refusal_to_undo(case: Blacklisting, *, by: Actor, now: datetime) -> Conflict | None:
    """Why somebody may not undo this open case; `None` when they may."""
    if not _is_opener(case, by):
        return NotYours(by_name=case.opened_by_name)
    if case.reviewed_at:
        return Reviewed(by_name=case.reviewed_by_name)
    if now - case.opened_at > UNDO_FOR:
        return TooLate()
    return JoinedWithOthers() if joined_to(case.seq) else None


def ask_for_lift(customer_id: UUID, *, case_seq: int | None, note: Any, by: Actor) -> Customer:
    """Ask the managers to lift a blacklisting; it then waits for review, even if it was upheld.

    Args:
        case_seq: The case the caller saw; one opened since is left alone.
        note: Why, up to 2,000 characters; required.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, on `note`.
        Conflict: `not_blacklisted`, `other_case` or `lift_asked`.
    """
    text = read_note(note, missing="Say why it should be removed")
    with changing_case(customer_id, case_seq, by=by) as (change, case):
        refuse(refusal_to_ask(case))
        case.lift_asked_at, case.lift_reason = change.at, text
        case.lift_asked_by_id, case.lift_asked_by_name = by.accountable_id, by.name
        change.record("lift_asked", new={"note": text, "accountable_id": by.accountable_id})
        return change.row


def refusal_to_ask(case: Blacklisting) -> Conflict | None:
    """Why nobody may ask for this open case to be lifted; `None` when somebody may."""
    return LiftAsked(by_name=case.lift_asked_by_name) if case.lift_is_asked else None


def clear(
    customer_id: UUID,
    *,
    reason: Any = None,
    note: Any = "",
    by: Actor,
    only_versions: Collection[int] | None = None,
) -> Customer:
    """Take a customer off the blacklist for a program, which knows only a flag, not cases.

    A program may always clear what it alone opened, what others opened only if its owner is not
    accountable for it, and never what a manager has upheld. A customer who is not blacklisted is
    left alone. Takes effect immediately, then waits for a manager to look at it.

    Args:
        reason: Has no effect, but must be one of `REASONS_OFFERED` if given.
        note: Why, up to 2,000 characters.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with problems on `reason` and `note`.
        Conflict: `upheld` or `own_decision`.
        Outdated: the customer has another version.
    """
    text = read_note(note) if reason is None else read_opening(reason, note)[0]
    with changing_customer(
        customer_id, by=by, only_versions=only_versions, or_survivor=True
    ) as change:
        case = find_open(change.row)
        if case is None:
            return change.row
        refuse(_refusal_to_clear(case, by=by))
        case.closed_note, case.to_check = text or None, True
        return close(change, case, "lifted", note=text)


def _refusal_to_clear(case: Blacklisting, *, by: Actor) -> Conflict | None:
    joined = joined_to(case.seq)
    upheld = next((one for one in (case, *joined) if one.reviewed_at), None)
    if upheld:
        return Upheld(by_name=upheld.reviewed_by_name)
    if _is_opener(case, by) and not joined:
        return None
    if case.is_answered_for_by(eyes_of(by.accountable_id)):
        return OpenedByOwner()
    return None


def _is_opener(case: Blacklisting, actor: Actor) -> bool:
    return actor.id is not None and (case.opened_by_kind, case.opened_by_id) == (
        actor.kind,
        actor.id,
    )
