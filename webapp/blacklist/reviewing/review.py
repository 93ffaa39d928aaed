"""Decisions of managers: uphold, overturn or lift a case, but never one they opened themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from webapp.blacklist.case import (
    cases_of,
    changing_case,
    close,
    customer_of,
    latest_of,
    take_standing_review,
)
from webapp.blacklist.four_eyes import refusal_to_decide, refusal_to_lift
from webapp.blacklist.models import REVIEW_AFTER, Blacklisting, Decision, Review
from webapp.blacklist.opening import Reviewed
from webapp.blacklist.reviewing.decisions import tell_who_asked
from webapp.customers.models import Customer
from webapp.history.changes import Change
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict, InvalidDetails, NotFound, Refusal, refuse
from webapp.kernel.submission import read_note

# The choices, in days, for when an upheld case is due for review again.
LOOK_AGAIN_AFTER = (30, 90, 180, 365)
MAX_AT_ONCE = 100
WHY_A_MISTAKE = "Say why the blacklisting was a mistake"


class UpheldAlready(Reviewed):
    sentence = "{by_name} has kept this blacklisting already"


class ChooseWhen(InvalidDetails):
    sentence = "Choose when to review again"


@dataclass(frozen=True)
class ReviewOutcome:
    """The outcome for one of several cases: the review that was made or undone, or the refusal."""

    case_seq: int
    customer: Customer | None
    review: Review | None
    refusal: Refusal | None

    @property
    def refused(self) -> Refusal:
        """The refusal of an outcome that has one."""
        assert self.refusal, "this one was carried out"
        return self.refusal


def decide(
    case_seq: int,
    decision: Decision,
    *,
    note: str = "",
    look_again_after: int = REVIEW_AFTER.days,
    by: Actor,
) -> Review:
    """Uphold a case that waits for review, or overturn it and take the customer off the blacklist.

    Args:
        note: Up to 2,000 characters; required to overturn.
        look_again_after: In how many days an upheld case is due again; one of `LOOK_AGAIN_AFTER`.

    Raises:
        NotFound: `case_not_found` or `customer_not_found`.
        Invalid: `invalid_details`, with problems on `note` and `look_again_after`.
        Conflict: `not_blacklisted`, `other_case`, `own_decision` or `reviewed`.
    """
    with changing_case(customer_of(case_seq), case_seq, by=by) as (change, case):
        refuse(refusal_to_review(case, by=by, now=clock.now()))
        is_mistake = decision is Decision.OVERTURNED
        text = read_note(note, missing=WHY_A_MISTAKE if is_mistake else "")
        if look_again_after not in LOOK_AGAIN_AFTER:
            raise ChooseWhen({"look_again_after": ["Choose one of these"]})
        if is_mistake:
            return _overturn(change, case, text)
        return _uphold(change, case, text, timedelta(days=look_again_after))


def refusal_to_review(case: Blacklisting, *, by: Actor, now: datetime) -> Conflict | None:
    """Why somebody may not review this open case; `None` when they may."""
    own = refusal_to_decide(case, by=by)
    if own:
        return own
    if not case.waits(now):
        return UpheldAlready(by_name=case.reviewed_by_name)
    return None


def _overturn(change: Change[Customer], case: Blacklisting, note: str) -> Review:
    review = _add_review(change, case, Decision.OVERTURNED, note)
    close(change, case, Decision.OVERTURNED, note=note, review=review.seq)
    take_standing_review(case)
    return review


def _uphold(
    change: Change[Customer], case: Blacklisting, note: str, look_again: timedelta
) -> Review:
    tell_who_asked(change, case, Decision.UPHELD)
    before, review_by = in_iso(case.review_by), change.at + look_again
    review = reviewed(change, case, Decision.UPHELD, note, review_by=review_by)
    new = {"review_by": in_iso(review_by), "review": review.seq} | ({"note": note} if note else {})
    change.record(Decision.UPHELD, old={"review_by": before}, new=new)
    return review


def reviewed(
    change: Change[Customer],
    case: Blacklisting,
    decision: str,
    note: str,
    *,
    review_by: datetime | None = None,
) -> Review:
    """Add a review of a case as part of a change to its customer, and show it with the case."""
    review = _add_review(change, case, decision, note, review_by)
    take_standing_review(case)
    return review


def _add_review(
    change: Change[Customer],
    case: Blacklisting,
    decision: str,
    note: str,
    review_by: datetime | None = None,
) -> Review:
    review = Review(
        case_seq=case.seq,
        decision=decision,
        at=change.at,
        by_id=change.by.id,
        by_name=change.by.name,
        note=note,
        review_by=review_by,
    )
    db.session.add(review)
    db.session.flush()
    return review


def decide_all(case_seqs: Sequence[int], decision: Decision, **more: Any) -> list[ReviewOutcome]:
    """Decide several cases with one note; those that cannot be decided are left alone, each with
    the reason.

    Args:
        more: As for `decide`.

    Raises:
        Invalid: `invalid_details`, before anything is decided: a bad note is bad for all.
    """
    return [
        outcome_of(seq, partial(decide, seq, decision, **more)) for seq in case_seqs[:MAX_AT_ONCE]
    ]


def outcome_of(case_seq: int, deed: Callable[[], Review]) -> ReviewOutcome:
    """Carry out a deed about one case of several; a refusal is part of the outcome."""
    try:
        return ReviewOutcome(case_seq, customer_by_case(case_seq), deed(), None)
    except (Conflict, NotFound) as refusal:
        return ReviewOutcome(case_seq, customer_by_case(case_seq), None, refusal)


def customer_by_case(case_seq: int) -> Customer | None:
    """The customer a case is about, unless they were deleted."""
    of_case = (
        select(Blacklisting.customer_seq).where(Blacklisting.seq == case_seq).scalar_subquery()
    )
    return db.session.scalar(select(Customer).where(Customer.seq == of_case))


def name_by_case(case_seq: int) -> str:
    """The name of the customer a case is about."""
    customer = customer_by_case(case_seq)
    return customer.full_name if customer else "A deleted customer"


def latest_case(customer_seq: int) -> int | None:
    """The number of a customer's most recent case, if there is one; see `latest_of`."""
    latest = latest_of(cases_of(customer_seq))
    return latest.seq if latest else None


def lift(customer_id: UUID, *, case_seq: int | None, note: str, by: Actor) -> Customer:
    """Close a blacklisting that was right at the time; nobody may lift what they opened themselves.

    If it is lifted at the command line, a manager still has to look at the removal.

    Args:
        case_seq: The case the caller saw; one opened since is left alone.
        note: Why, up to 2,000 characters; required.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `not_blacklisted`, `other_case` or `own_decision`.
    """
    text = read_note(note, missing="Say why the blacklisting is no longer needed")
    with changing_case(customer_id, case_seq, by=by) as (change, case):
        refuse(refusal_to_lift(case, by=by))
        case.closed_note, case.to_check = text, by.door == "command"
        return close(change, case, "lifted", note=text)
