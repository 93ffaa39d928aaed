"""Marks of different people that wait for a manager, because one of the two is blacklisted.

Until a second person agrees, the mark changes nothing: neither who made it may agree, nor who
opened the blacklisting, nor anybody who counts as one of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from webapp.blacklist.case import find_open
from webapp.blacklist.four_eyes import refusal_to_decide
from webapp.blacklist.models import Blacklisting
from webapp.customers.models import Customer
from webapp.history.entries import Actor
from webapp.history.eyes import OwnDecision, eyes_of
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict, refuse
from webapp.kernel.submission import read_note
from webapp.lookalikes.distinct import NotMarked, changing_both
from webapp.lookalikes.matches import ONE, OTHER, between_standings, good_first
from webapp.lookalikes.models import LookalikePair


class MarkedByYou(OwnDecision):
    sentence = "You marked these two, or count as the one who did; another manager must decide"


class AgreedAlready(Conflict):
    code = "agreed"
    sentence = "{by_name} has agreed to this already"


class NeedsNobody(Conflict):
    code = "needs_nobody"
    sentence = "Only one of two that is blacklisted needs a second person"


@dataclass(frozen=True)
class WaitingMark:
    """A mark that waits for a manager.

    Attributes:
        refusal: Why the reader may not agree.
    """

    pair: LookalikePair
    customer: Customer
    blacklisted: Customer
    refusal: Conflict | None

    @property
    def signals(self) -> tuple[str, ...]:
        return tuple(self.pair.signals.split())


def waiting_marks(*, by: Actor, limit: int, offset: int = 0) -> Sequence[WaitingMark]:
    """Marks that wait for a manager, oldest first."""
    is_open = Blacklisting.customer_seq.in_((ONE.seq, OTHER.seq)) & Blacklisting.closed_at.is_(None)
    query = (
        waiting_pairs(LookalikePair, ONE, OTHER, Blacklisting)
        .join(Blacklisting, is_open)
        .order_by(LookalikePair.waits_from, LookalikePair.one_seq, LookalikePair.other_seq)
    )
    rows = db.session.execute(query.limit(limit).offset(offset))
    return [_waiting(*row, by=by) for row in rows]


def _waiting(
    pair: LookalikePair, one: Customer, other: Customer, case: Blacklisting, *, by: Actor
) -> WaitingMark:
    return WaitingMark(pair, *good_first(one, other), refusal_to_agree(pair, case, by=by))


def count_marks(*, cap: int) -> int:
    """How many marks wait for a manager, counted up to a cap."""
    some = waiting_pairs(LookalikePair.one_seq).limit(cap).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def waiting_pairs(*columns: Any) -> Select[Any]:
    """The pairs of such marks."""
    return between_standings(*columns).where(LookalikePair.waits_from.is_not(None))


def agree(customer_id: UUID, other_id: UUID, *, note: Any = "", by: Actor) -> Customer:
    """Agree that a blacklisted customer and another are two people: from now on, they are not held
    up for each other, for as long as nothing new speaks for one person.

    Returns:
        The other customer.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `not_marked`, `agreed`, `needs_nobody`, `own_decision` or `nobody_answers`.
    """
    text = read_note(note)
    new: dict[str, Any] = {"note": text} if text else {}
    with changing_both(customer_id, other_id, "apart_agreed", new, by=by) as both:
        pair = both.pair
        if pair is None or pair.told_apart_at is None:
            raise NotMarked
        if pair.agreed_at:
            raise AgreedAlready(by_name=pair.agreed_by_name)
        case = find_open(both.change.row) or find_open(both.other.row)
        if case is None or not both.is_guarded:
            raise NeedsNobody
        refuse(refusal_to_agree(pair, case, by=by))
        pair.agreed_at, pair.waits_from = both.at, None
        pair.agreed_by_id, pair.agreed_by_name = by.id, by.name
        new |= {"agreed_at": in_iso(both.at)}
        return both.other.row


def refusal_to_agree(pair: LookalikePair, case: Blacklisting, *, by: Actor) -> Conflict | None:
    """Why somebody may not agree to a mark; `None` if they may."""
    refusal = refusal_to_decide(case, by=by)
    if refusal is None and pair.is_answered_for_by(eyes_of(by.accountable_id)):
        return MarkedByYou()
    return refusal
