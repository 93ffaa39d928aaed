"""Undo a merge: the record comes back; what still stands goes back with it, and the rest is
named.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from webapp.blacklist.by_history import WHOLE, whole
from webapp.blacklist.case import cases_of, find_open, reopen
from webapp.blacklist.models import Blacklisting
from webapp.blacklist.moves import CaseMove, joined_to
from webapp.customers import merged
from webapp.customers.clashes import differing, values_of
from webapp.customers.merged import CAME_BACK, UNDONE, MergedCustomer, also_known_text
from webapp.customers.models import Customer
from webapp.history.changes import Change, bringing_back, changing
from webapp.history.entries import Actor
from webapp.kernel.clock import MILLISECOND
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Conflict
from webapp.kernel.submission import read_note
from webapp.merging import requests
from webapp.merging.pair import Merging, about, answer_for, drop_requests, refuse_other_versions
from webapp.merging.plan import Plan, joined_by, plan_of, stands_for

WHY = "Say why they are two customers again"


class NotMerged(Conflict):
    code = "not_merged"
    sentence = "These are two customers already"


class MergedInTurn(Conflict):
    code = "merged_in_turn"
    sentence = "The customer was merged into another one since; undo that merge first"


def take_back(
    record_id: UUID, *, note: Any, seen: Sequence[int] | None = None, by: Actor
) -> Merging:
    """Let a merged record be a customer of its own again. Where the survivor is blacklisted, this
    waits for a second person.

    Args:
        note: Why, up to 2,000 characters; required.
        seen: Refuse unless these are the versions of the survivor and the record.

    Raises:
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `not_merged`, `merged_in_turn`, `other_version`, `not_settled` or `merge_asked`.
    """
    text = read_note(note, missing=WHY)
    with writing():
        survivor, record = locked_record(record_id)
        refuse_other_versions(seen, survivor, record)
        if survivor.blacklisted:
            request = requests.ask(survivor, record, {}, text, by=by, is_undo=True)
            return Merging(survivor, record, request)
        return carry_out(survivor, record, text, by=by)


def locked_record(record_id: UUID) -> tuple[Customer, MergedCustomer]:
    """The survivor and a record that was merged into them, both locked.

    Raises:
        Conflict: `not_merged` or `merged_in_turn`.
    """
    record = get_record(record_id)
    customer = select(Customer).where(Customer.seq == record.survivor_seq).with_for_update()
    survivor = db.session.scalar(customer.execution_options(populate_existing=True))
    its_own = select(MergedCustomer).where(MergedCustomer.id == record_id).with_for_update()
    present = db.session.scalar(its_own.execution_options(populate_existing=True))
    if present is None:
        raise NotMerged
    if survivor is None or present.survivor_seq != survivor.seq:
        raise MergedInTurn
    return survivor, present


def get_record(record_id: UUID) -> MergedCustomer:
    """The merged record with this id.

    Raises:
        Conflict: `not_merged`.
    """
    record = merged.find_merged(record_id)
    if record is None:
        raise NotMerged
    return record


def carry_out(survivor: Customer, record: MergedCustomer, text: str, *, by: Actor) -> Merging:
    """Let a locked record be a customer again, in the present transaction."""
    plan = plan_of(survivor, record)
    with changing(lambda: survivor, by=by) as staying:
        staying.at = max(staying.at, record.updated_at + MILLISECOND)
        _give_back(staying, record, plan)
        _let_go(staying, record, plan, text)
    with bringing_back(lambda: _customer_of(record), by=by) as back:
        back.at = staying.at
        its_open = next((case for case in plan.cases if case.closed_at is None), None)
        if its_open:
            back.row.enter_blacklist(its_open.waits_from)
        new = about(survivor) | {"note": text, "blacklisted": its_open is not None}
        new |= {"moved": [case.seq for case in plan.cases]} if plan.cases else {}
        new |= {WHOLE: whole(plan.cases)} if plan.cases else {}
        back.record(CAME_BACK, new=new)
    return Merging(survivor, back.row, stays=plan.stays, stays_closed=len(plan.stays_closed))


def _give_back(staying: Change[Customer], record: MergedCustomer, plan: Plan) -> None:
    """Let the cases go back; one that was joined with one of the survivor's opens again, and one
    that stood for others leaves the first of them in its place.
    """
    survivor = staying.row
    for case in plan.cases:
        was_open, stands = case.closed_at is None, stands_for(case)
        case.customer_seq = record.seq
        if stands and stands not in plan.cases:
            _part(case, staying, opens=case not in plan.stays_closed)
        move = CaseMove(case_seq=case.seq, from_seq=survivor.seq, to_seq=record.seq, at=staying.at)
        db.session.add(move)
        db.session.flush()
        if was_open:
            _leave_an_heir(case, staying)


def _part(case: Blacklisting, staying: Change[Customer], *, opens: bool) -> None:
    """End that a case is joined with another."""
    move = joined_by(case)
    assert move is not None and move.joined_to is not None
    stands = db.session.get_one(Blacklisting, move.joined_to)
    move.joined_until = staying.at
    if opens:
        reopen(case)
    db.session.flush()
    answer_for(stands)


def _leave_an_heir(case: Blacklisting, staying: Change[Customer]) -> None:
    heirs = [one for one in joined_to(case.seq) if one.customer_seq == staying.row.seq]
    if not heirs:
        return
    first, *others = heirs
    _part(first, staying, opens=True)
    for other in others:
        move = joined_by(other)
        assert move is not None
        move.joined_to = first.seq
    db.session.flush()
    for one in (first, case):
        answer_for(one)


def _let_go(staying: Change[Customer], record: MergedCustomer, plan: Plan, text: str) -> None:
    survivor = staying.row
    _hand_on_the_address(record)
    db.session.delete(record)
    drop_requests(record.seq)
    db.session.flush()
    old, new = differing(values_of(survivor.details), values_of(plan.details))
    survivor.also_known = also_known_text(survivor.seq)
    survivor.take(plan.details)
    new |= about(record) | {"note": text}
    if plan.stays:
        new["stays"] = list(plan.stays)
    if plan.stays_closed:
        new["stays_closed"] = len(plan.stays_closed)
    if plan.cases:
        new["moved"] = [case.seq for case in plan.cases]
        new[WHOLE] = whole(cases_of(survivor.seq))
    if survivor.blacklisted:
        _stand_anew(survivor, old, new)
    staying.record(UNDONE, old=old, new=new)


def _hand_on_the_address(record: MergedCustomer) -> None:
    """A later merge may have replaced an address that leaves with this record: now it replaces what
    this one did.
    """
    leaving = merged.emails_under(record)
    theirs = MergedCustomer.survivor_seq == record.survivor_seq
    later = select(MergedCustomer).where(
        theirs, MergedCustomer.seq != record.seq, MergedCustomer.replaced_email_key.in_(leaving)
    )
    for other in db.session.scalars(later).all():
        other.replaced_email = record.replaced_email
        other.replaced_email_key = record.replaced_email_key


def _stand_anew(survivor: Customer, old: dict[str, Any], new: dict[str, Any]) -> None:
    its_open = find_open(survivor)
    if its_open:
        survivor.enter_blacklist(its_open.waits_from)
    else:
        survivor.leave_blacklist()
        old["blacklisted"], new["blacklisted"] = True, False


def _customer_of(record: MergedCustomer) -> Customer:
    customer = merged.as_customer(record)
    customer.also_known = also_known_text(record.seq)
    customer.take(record.details)
    return customer
