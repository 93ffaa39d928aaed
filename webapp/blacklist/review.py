"""What managers decide: a case stands, is closed as wrong, or is lifted; never by whoever opened it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from webapp.blacklist.case import UNDO_FOR, changing_case, close, customer_of, read_note, reopen, take_standing_review
from webapp.blacklist.models import REVIEW_AFTER, Blacklisting, Decision, Review
from webapp.customers.changes import changing_customer
from webapp.customers.models import Customer
from webapp.history.changes import Change
from webapp.history.entries import Actor
from webapp.history.eyes import eyes_of, why_the_same
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict, Invalid, NotFound, Refusal, refuse

# After how many days an upheld case can be made due again.
LOOK_AGAIN_AFTER = (30, 90, 180, 365)
MAX_AT_ONCE = 100


@dataclass(frozen=True)
class Decided:
    """What came of one case of several: the review that was made or taken back, or why there is none."""

    case_seq: int
    customer: Customer | None
    review: Review | None
    refusal: Refusal | None

    @property
    def refused(self) -> Refusal:
        """The refusal, where there is one."""
        assert self.refusal, "this one was carried out"
        return self.refusal


def decide(
    case_seq: int, decision: Decision, *, note: str = "", look_again_after: int = REVIEW_AFTER.days, by: Actor
) -> Review:
    """Uphold a case that waits for review, or overturn it, which takes the customer off the blacklist.

    Args:
        note: Up to 2,000 characters; required to overturn.
        look_again_after: Of an upheld case, in how many days it is due again; one of `LOOK_AGAIN_AFTER`.

    Raises:
        NotFound: `case_not_found` or `customer_not_found`.
        Invalid: `invalid_details`, with problems on `note` and `look_again_after`.
        Conflict: `not_blacklisted`, `other_case`, `own_decision` or `reviewed`.
    """
    with changing_case(customer_of(case_seq), case_seq, by=by) as (change, case):
        refuse(refusal_to_review(case, by=by, now=clock.now()))
        text = read_note(note, missing="Say why it was wrong" if decision is Decision.OVERTURNED else "")
        if look_again_after not in LOOK_AGAIN_AFTER:
            raise Invalid("invalid_details", "Choose when to look again", {"look_again_after": ["Choose one of these"]})
        if decision is Decision.OVERTURNED:
            close(change, case, Decision.OVERTURNED, note=text)
            return reviewed(change, case, Decision.OVERTURNED, text)
        return _uphold(change, case, text, timedelta(days=look_again_after))


def refusal_to_review(case: Blacklisting, *, by: Actor, now: datetime) -> Conflict | None:
    """Why somebody may not review this open case; `None` when they may."""
    own = refusal_to_decide(case, by=by)
    if own:
        return own
    if not case.waits(now):
        return Conflict("reviewed", f"{case.reviewed_by_name} upheld this blacklisting already")
    return None


def refusal_to_decide(case: Blacklisting, *, by: Actor) -> Conflict | None:
    """Why somebody is no second pair of eyes for this case; `None` when they are. The command line is nobody's."""
    if by.door == "command" and by.accountable_id is not None:
        return Conflict(
            "nobody_answers", "The command line is nobody's second pair of eyes; a manager must decide on a page"
        )
    return refusal_to_lift(case, by=by)


def refusal_to_lift(case: Blacklisting, *, by: Actor) -> Conflict | None:
    """Why this case is not theirs to decide; `None` when it is. The owner of a key counts as its opener."""
    if by.accountable_id is None:
        return Conflict("nobody_answers", "Somebody must answer for a decision; name a manager")
    if not case.is_answered_for_by(eyes_of(by.accountable_id)):
        return None
    if case.accountable_id != by.accountable_id:
        return Conflict("own_decision", _why_the_same(case, by))
    if case.opened_by_kind == "key":
        return Conflict("own_decision", "Your API key opened this blacklisting; another manager must decide")
    return Conflict("own_decision", "You opened this blacklisting yourself; another manager must decide")


def _why_the_same(case: Blacklisting, by: Actor) -> str:
    reason = why_the_same(by.accountable_id, case.accountable_id, case.opened_by_name)
    reason = reason or "one of you could sign in as a third person, and they as the other"
    return f"You count as the same pair of eyes as {case.opened_by_name}: {reason}. Another manager must decide"


def _uphold(change: Change[Customer], case: Blacklisting, note: str, look_again: timedelta) -> Review:
    review_by = change.at + look_again
    new = {"review_by": in_iso(review_by)} | ({"note": note} if note else {})
    change.record(Decision.UPHELD, old={"review_by": in_iso(case.review_by)}, new=new)
    return reviewed(change, case, Decision.UPHELD, note, review_by=review_by)


def reviewed(
    change: Change[Customer], case: Blacklisting, decision: str, note: str, *, review_by: datetime | None = None
) -> Review:
    """Add a review of a case as a part of the change of its customer."""
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
    take_standing_review(case)
    return review


def decide_all(case_seqs: Sequence[int], decision: Decision, **said: Any) -> list[Decided]:
    """Decide several cases with one note; those that cannot be are left as they are, each with the reason.

    Args:
        said: As for `decide`.

    Raises:
        Invalid: `invalid_details`, before anything is decided: what is wrong with the note is wrong for all.
    """
    return [_decided(seq, partial(decide, seq, decision, **said)) for seq in case_seqs[:MAX_AT_ONCE]]


def undo_all(review_seqs: Sequence[int], *, by: Actor) -> list[Decided]:
    """Take several reviews back; those that cannot be are left as they are, each with the reason."""
    return [_decided(case_of(seq), partial(_undone, seq, by)) for seq in review_seqs[:MAX_AT_ONCE]]


def _undone(review_seq: int, by: Actor) -> Review:
    undo_review(review_seq, by=by)
    return db.session.get_one(Review, review_seq)


NO_REVIEW = "There is no such review"


def case_of(review_seq: int, *, missing: str = "") -> int:
    """The number of the case that a review is about; 0 when there is no such review.

    Args:
        missing: What to say then, for whoever needs one.

    Raises:
        NotFound: `review_not_found`, if `missing` says something.
    """
    found = db.session.scalar(select(Review.case_seq).where(Review.seq == review_seq))
    if found is None and missing:
        raise NotFound("review_not_found", missing)
    return found or 0


def _decided(case_seq: int, deed: Callable[[], Review]) -> Decided:
    try:
        return Decided(case_seq, customer_by_case(case_seq), deed(), None)
    except (Conflict, NotFound) as refusal:
        return Decided(case_seq, customer_by_case(case_seq), None, refusal)


def customer_by_case(case_seq: int) -> Customer | None:
    """Whom a case is about, unless they were deleted."""
    of_case = select(Blacklisting.customer_seq).where(Blacklisting.seq == case_seq).scalar_subquery()
    return db.session.scalar(select(Customer).where(Customer.seq == of_case))


def name_by_case(case_seq: int) -> str:
    """The name of whom a case is about."""
    customer = customer_by_case(case_seq)
    return customer.full_name if customer else "A deleted customer"


def undo_review(review_seq: int, *, by: Actor) -> Customer:
    """Take back a review of one's own, within ten minutes: the case waits again, and so is the customer blacklisted.

    Raises:
        NotFound: `review_not_found` or `customer_not_found`.
        Conflict: `not_yours`, `too_late`, `undone` or `newer_case`.
    """
    with changing_customer(customer_of(case_of(review_seq, missing=NO_REVIEW)), by=by) as change:
        review = db.session.get_one(Review, review_seq, populate_existing=True)
        case = db.session.get_one(Blacklisting, review.case_seq, populate_existing=True)
        refuse(refusal_to_undo_review(review, case, by=by, now=clock.now()))
        return _take_back(change, case, review)


def refusal_to_undo_review(review: Review, case: Blacklisting, *, by: Actor, now: datetime) -> Conflict | None:
    """Why somebody may not take this review back; `None` when they may."""
    if by.kind != "staff" or review.by_id != by.id:
        return Conflict("not_yours", f"{review.by_name} reviewed this; only they can take it back")
    if review.undone_at:
        return Conflict("undone", "You have taken this review back already")
    if now - review.at > UNDO_FOR:
        return Conflict("too_late", "Ten minutes have passed since this review")
    if case.reviewed_at != review.at or case.outcome not in (None, Decision.OVERTURNED):
        return Conflict("newer_case", f"{case.closed_by_name or case.reviewed_by_name} has decided again since")
    if latest_case(case.customer_seq) != case.seq:
        return Conflict("newer_case", "This customer was blacklisted again since; that case counts now")
    return None


def latest_case(customer_seq: int) -> int | None:
    """The number of the case that was opened last, if there is one."""
    return db.session.scalar(select(func.max(Blacklisting.seq)).where(Blacklisting.customer_seq == customer_seq))


def _take_back(change: Change[Customer], case: Blacklisting, review: Review) -> Customer:
    customer, was_closed = change.row, case.closed_at is not None
    review.undone_at = change.at
    reopen(case)
    db.session.flush()
    take_standing_review(case)
    customer.enter_blacklist(case.waits_from)
    flags = ({"blacklisted": False}, {"blacklisted": True}) if was_closed else ({}, {})
    change.record("review_undone", old=flags[0], new=flags[1])
    return customer


def lift(customer_id: UUID, *, case_seq: int | None, note: str, by: Actor) -> Customer:
    """Close a blacklisting that was right at the time. Nobody lifts what they opened themselves.

    Done at the command line, a manager has to look at it still.

    Args:
        case_seq: The case that was seen; another one that was opened meanwhile is left alone.
        note: Why, up to 2,000 characters; required.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `not_blacklisted`, `other_case` or `own_decision`.
    """
    text = read_note(note, missing="Say why the blacklisting is lifted")
    with changing_case(customer_id, case_seq, by=by) as (change, case):
        refuse(refusal_to_lift(case, by=by))
        case.closed_note, case.to_check = text, by.door == "command"
        return close(change, case, "lifted", note=text)


def last_review(customer: Customer) -> Review:
    """The review that a customer's last case shows.

    Raises:
        NotFound: `review_not_found`; nobody has reviewed it.
    """
    review, _ = _last_review(customer)
    if review is None:
        raise NotFound("review_not_found", "Nobody has reviewed this customer's last blacklisting")
    return review


def find_undoable(customer: Customer, *, by: Actor, now: datetime) -> Review | None:
    """The last review of a customer's last case, if this person may still take it back."""
    review, case = _last_review(customer)
    if review is None or case is None:
        return None
    return review if refusal_to_undo_review(review, case, by=by, now=now) is None else None


def _last_review(customer: Customer) -> tuple[Review | None, Blacklisting | None]:
    latest = select(Blacklisting).where(Blacklisting.customer_seq == customer.seq).order_by(Blacklisting.seq.desc())
    case = db.session.scalar(latest.limit(1))
    if case is None or case.reviewed_at is None:
        return None, case
    return db.session.scalar(select(Review).where(Review.case_seq == case.seq, Review.at == case.reviewed_at)), case


def undoable(review_seqs: Sequence[int], *, by: Actor, now: datetime) -> list[int]:
    """Those of some reviews that this person may still take back."""
    query = select(Review, Blacklisting).join(Blacklisting, Blacklisting.seq == Review.case_seq)
    rows = db.session.execute(query.where(Review.seq.in_(review_seqs))).all() if review_seqs else []
    return [one.seq for one, case in rows if refusal_to_undo_review(one, case, by=by, now=now) is None]
