"""Undo a review: by its reviewer, within ten minutes, and only while no newer case exists."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select

from webapp.blacklist.case import (
    UNDO_FOR,
    NewerCase,
    cases_of,
    customer_of,
    latest_of,
    reopen,
    take_standing_review,
)
from webapp.blacklist.models import Blacklisting, Decision, Review
from webapp.blacklist.opening import NotYours, TooLate
from webapp.blacklist.reviewing.review import MAX_AT_ONCE, ReviewOutcome, latest_case, outcome_of
from webapp.customers.changes import changing_customer
from webapp.customers.models import Customer
from webapp.history.changes import Change
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict, NotFound, refuse
from webapp.staff import unread


class NoSuchReview(NotFound):
    code = "review_not_found"
    sentence = "There is no such review"


class NotReviewed(NoSuchReview):
    sentence = "Nobody has reviewed this customer's last blacklisting"


class ReviewNotYours(NotYours):
    sentence = "{by_name} reviewed this; only they can undo it"


class ReviewUndone(Conflict):
    code = "undone"
    sentence = "You have undone this review already"


class TooLateForReview(TooLate):
    sentence = "Ten minutes have passed since this review"


class DecidedAgain(NewerCase):
    sentence = "{by_name} has decided again since"


def undo_all(review_seqs: Sequence[int], *, by: Actor) -> list[ReviewOutcome]:
    """Undo several reviews; those that cannot be undone are left alone, each with the reason."""
    return [_undone(seq, by) for seq in review_seqs[:MAX_AT_ONCE]]


def _undone(review_seq: int, by: Actor) -> ReviewOutcome:
    try:
        case_seq = case_of(review_seq)
    except NoSuchReview as refusal:
        return ReviewOutcome(0, None, None, refusal)
    return outcome_of(case_seq, partial(_take_back_one, review_seq, by))


def _take_back_one(review_seq: int, by: Actor) -> Review:
    undo_review(review_seq, by=by)
    return db.session.get_one(Review, review_seq)


def case_of(review_seq: int) -> int:
    """The number of the case that a review is about.

    Raises:
        NotFound: `review_not_found`.
    """
    case_seq = db.session.scalar(select(Review.case_seq).where(Review.seq == review_seq))
    if case_seq is None:
        raise NoSuchReview
    return case_seq


def undo_review(review_seq: int, *, by: Actor) -> Customer:
    """Undo one's own review, within ten minutes: its case is open and as it was before, and the
    customer is blacklisted again if the review had closed it.

    Raises:
        NotFound: `review_not_found` or `customer_not_found`.
        Conflict: `not_yours`, `too_late`, `undone` or `newer_case`.
    """
    with changing_customer(customer_of(case_of(review_seq)), by=by) as change:
        review = db.session.get_one(Review, review_seq, populate_existing=True)
        case = db.session.get_one(Blacklisting, review.case_seq, populate_existing=True)
        refuse(refusal_to_undo_review(review, case, by=by, now=clock.now()))
        return _take_back(change, case, review)


def refusal_to_undo_review(
    review: Review, case: Blacklisting, *, by: Actor, now: datetime
) -> Conflict | None:
    """Why somebody may not undo this review; `None` when they may."""
    if by.kind != "staff" or review.by_id != by.id:
        return ReviewNotYours(by_name=review.by_name)
    if review.undone_at:
        return ReviewUndone()
    if now - review.at > UNDO_FOR:
        return TooLateForReview()
    if case.reviewed_at != review.at or case.outcome not in (None, Decision.OVERTURNED):
        return DecidedAgain(by_name=case.closed_by_name or case.reviewed_by_name)
    if latest_case(case.customer_seq) != case.seq:
        return NewerCase()
    return None


def _take_back(change: Change[Customer], case: Blacklisting, review: Review) -> Customer:
    customer, was_closed = change.row, case.closed_at is not None
    review.undone_at = change.at
    unread.forget_decision(case.seq, review.at)
    reopen(case)
    db.session.flush()
    take_standing_review(case)
    customer.enter_blacklist(case.waits_from)
    flags = ({"blacklisted": False}, {"blacklisted": True}) if was_closed else ({}, {})
    change.record("review_undone", old=flags[0], new=flags[1] | {"case": case.seq})
    return customer


def last_review(customer: Customer) -> Review:
    """The review shown with a customer's last case.

    Raises:
        NotFound: `review_not_found`; nobody has reviewed it.
    """
    latest = latest_of(cases_of(customer.seq))
    review = _shown_review(latest) if latest else None
    if review is None:
        raise NotReviewed
    return review


def find_undoable(case: Blacklisting, *, by: Actor, now: datetime) -> Review | None:
    """The last review of a customer's last case, if this person may still undo it."""
    review = _shown_review(case)
    if review is None or refusal_to_undo_review(review, case, by=by, now=now):
        return None
    return review


def _shown_review(case: Blacklisting) -> Review | None:
    if case.reviewed_at is None:
        return None
    return db.session.scalar(
        select(Review).where(Review.case_seq == case.seq, Review.at == case.reviewed_at)
    )
