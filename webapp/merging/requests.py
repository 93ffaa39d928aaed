"""Merges and their undoing that wait for a second person, because a case is open: whoever asked, or
opened the case, cannot agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from webapp.blacklist.case import find_open
from webapp.blacklist.four_eyes import refusal_to_decide
from webapp.customers.merged import MergedCustomer, find_record
from webapp.customers.models import Customer
from webapp.history.entries import Actor
from webapp.history.eyes import OwnDecision, eyes_of
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Conflict, NotFound
from webapp.merging.models import MergeRequest
from webapp.merging.pair import telling_both
from webapp.merging.result import Choices

ASKED, UNDO_ASKED, REFUSED = "merge_asked", "unmerge_asked", "merge_refused"


class MergeIsAsked(Conflict):
    code = "merge_asked"
    sentence = "{by_name} has asked for this already; another manager must agree"
    meaning = "Somebody has asked for this already; another manager must agree"


class MergeNotAsked(NotFound):
    code = "merge_not_asked"
    sentence = "Nobody asks for this any more"


class AskedByYou(OwnDecision):
    sentence = "You asked for this, or count as the one who did; another manager must decide"


@dataclass(frozen=True)
class WaitingMerge:
    """A merge that waits for a manager, or its undoing.

    Attributes:
        refusal: Why the reader may not agree.
    """

    request: MergeRequest
    survivor: Customer
    other: Customer | MergedCustomer
    refusal: Conflict | None


def ask(
    survivor: Customer,
    other: Customer | MergedCustomer,
    choices: Choices,
    text: str,
    *,
    by: Actor,
    is_undo: bool = False,
) -> MergeRequest:
    """Ask for two locked records to be merged, or to be two again.

    Raises:
        Conflict: `merge_asked`.
    """
    present = _find(survivor.seq, other.seq) or _find(other.seq, survivor.seq)
    if present:
        raise MergeIsAsked(by_name=present.by_name)
    new = {
        "note": text,
        "accountable_id": by.accountable_id,
        "choices": {group: side.value for group, side in choices.items()},
    }
    with telling_both(survivor, other, UNDO_ASKED if is_undo else ASKED, new, by=by) as change:
        request = MergeRequest(
            survivor_seq=survivor.seq,
            other_seq=other.seq,
            is_undo=is_undo,
            choices=new["choices"],
            note=text,
            at=change.at,
            by_kind=by.kind,
            by_id=by.id,
            by_name=by.name,
            accountable_id=by.accountable_id,
        )
        db.session.add(request)
    return request


def take_request(
    survivor: Customer, other: Customer | MergedCustomer, *, by: Actor
) -> MergeRequest:
    """Take the request about two locked records out of the list, because a second person agrees.

    Raises:
        NotFound: `merge_not_asked`.
        Conflict: `own_decision` or `nobody_answers`.
    """
    request = _get(survivor.seq, other.seq)
    refusal = refusal_to_agree(request, survivor, other, by=by)
    if refusal:
        raise refusal
    db.session.delete(request)
    return request


def refusal_to_agree(
    request: MergeRequest, survivor: Customer, other: Customer | MergedCustomer, *, by: Actor
) -> Conflict | None:
    """Why somebody may not agree; `None` if they may."""
    if by.accountable_id is None or request.accountable_id in eyes_of(by.accountable_id):
        return AskedByYou()
    people = [one for one in (survivor, other) if isinstance(one, Customer)]
    cases = [case for one in people if (case := find_open(one))]
    refusals = (refusal_to_decide(case, by=by) for case in cases)
    return next((refusal for refusal in refusals if refusal), None)


def refuse_request(survivor_id: UUID, other_id: UUID, *, by: Actor) -> None:
    """Leave two records as they are; whoever asked may withdraw the request this way too.

    Raises:
        NotFound: `merge_not_asked`.
    """
    with writing():
        request = _about(survivor_id, other_id)
        survivor, other = _people(request)
        with telling_both(survivor, other, REFUSED, {}, by=by):
            db.session.delete(request)


def _people(request: MergeRequest) -> tuple[Customer, Customer | MergedCustomer]:
    """Both records, locked in the order of their ids."""
    people: list[Customer | MergedCustomer] = []
    for model in (Customer, MergedCustomer):
        theirs = model.seq.in_((request.survivor_seq, request.other_seq))
        locked = select(model).where(theirs).order_by(model.id).with_for_update()
        people += db.session.scalars(locked.execution_options(populate_existing=True))
    by_seq = {one.seq: one for one in people}
    survivor, other = by_seq.get(request.survivor_seq), by_seq.get(request.other_seq)
    if not isinstance(survivor, Customer) or other is None:
        raise MergeNotAsked
    return survivor, other


def _about(survivor_id: UUID, other_id: UUID) -> MergeRequest:
    seqs = {
        row.id: row.seq
        for model in (Customer, MergedCustomer)
        for row in db.session.execute(
            select(model.id, model.seq).where(model.id.in_((survivor_id, other_id)))
        )
    }
    if survivor_id not in seqs or other_id not in seqs:
        raise MergeNotAsked
    return _get(seqs[survivor_id], seqs[other_id])


def _get(survivor_seq: int, other_seq: int) -> MergeRequest:
    request = _find(survivor_seq, other_seq)
    if request is None:
        raise MergeNotAsked
    return request


def _find(survivor_seq: int, other_seq: int) -> MergeRequest | None:
    key = (survivor_seq, other_seq)
    return db.session.get(MergeRequest, key, populate_existing=True)


def get_waiting(survivor_id: UUID, other_id: UUID, *, by: Actor) -> WaitingMerge:
    """What waits for a second person about two records.

    Raises:
        NotFound: `merge_not_asked`.
    """
    return _waiting(_about(survivor_id, other_id), by=by)


def waiting_merges(*, by: Actor, limit: int, offset: int = 0) -> Sequence[WaitingMerge]:
    """What waits for a second person, oldest first."""
    query = select(MergeRequest).order_by(MergeRequest.at, MergeRequest.survivor_seq)
    rows = db.session.scalars(query.limit(limit).offset(offset)).all()
    return [_waiting(request, by=by) for request in rows]


def _waiting(request: MergeRequest, *, by: Actor) -> WaitingMerge:
    survivor = db.session.get(Customer, request.survivor_seq)
    other = find_record(request.other_seq)
    if survivor is None or other is None:
        raise MergeNotAsked
    return WaitingMerge(request, survivor, other, refusal_to_agree(request, survivor, other, by=by))
