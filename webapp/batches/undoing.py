"""Taking changes back: the inverse of what the history says of a row, newest first.

Only what still stands is taken back. Where somebody has changed a customer since, the row is left
alone, and says who changed what.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, literal, select, update

from webapp.batches import change_set
from webapp.batches.change_set import refusal_to_undo
from webapp.batches.models import (
    OPENING,
    ChangeRow,
    ChangeSet,
    Kind,
    Outcome,
    State,
    Verdict,
    set_of,
)
from webapp.blacklist import opening
from webapp.blacklist.case import NotBlacklisted, cases_of, find_open, how_it_was_closed, latest_of
from webapp.blacklist.models import REASONS_OFFERED
from webapp.blacklist.reviewing import review
from webapp.customers import edit, erase
from webapp.customers.changes import locked_customer
from webapp.customers.clashes import values_of
from webapp.customers.finding import get_customer
from webapp.customers.models import Customer
from webapp.history.entries import Actor, HistoryEntry, entries_of, entries_since
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Conflict, refuse
from webapp.programs.api_keys import may_still
from webapp.staff.permissions import Permission

EDITS = ("changed", "changed_on_blacklist")
OPENINGS = ("blacklisted", "reopened")
CLOSINGS = ("undone", "lifted")
# Who changed what since is looked up in advance for so many rows; for others, when it is tried.
MOST_NAMED = 1_000
DETAIL_NAMES = {
    "first_name": "first name",
    "last_name": "last name",
    "email": "e-mail",
    "phone": "phone",
    "dial_code": "country",
    "birthday": "birthday",
    "blacklisted": "blacklisting",
}


class ChangedSince(Conflict):
    code = "changed_since"
    sentence = "{by_name} changed it since: {what}"


class NothingStands(Conflict):
    code = "changed_since"
    sentence = "This change does not stand any more"


class NoInverse(Conflict):
    code = "cannot_undo"
    sentence = "This part cannot be undone"


class OnlyAManager(Conflict):
    code = "own_decision"
    sentence = "Ten minutes have passed; ask a manager to undo this set"


def propose(seq: int, *, by: Actor) -> ChangeSet:
    """Propose to take back what a set has done, newest row first.

    Raises:
        NotFound: `set_not_found`.
        Conflict: `other_state`, `cannot_undo` or `too_late`.
    """
    with writing():
        source = change_set.locked_set(seq)
        refuse(refusal_to_undo(source))
        before = db.session.scalar(
            select(ChangeSet.seq).where(
                ChangeSet.undoes_seq == seq,
                ChangeSet.state == State.CHECKED,
                ChangeSet.by_kind == by.kind,
                ChangeSet.by_id == by.id,
            )
        )
        if before:
            return change_set.find_set(before)
        one = change_set.propose(
            Kind.UNDO, by=by, origin=source.origin, note=f"Undo of set {seq}", undoes=seq
        )
        _add_rows(one, source)
        one.state = State.CHECKED
        return one


def _add_rows(one: ChangeSet, source: ChangeSet) -> None:
    top = 1 + (
        db.session.scalar(select(func.max(ChangeRow.number)).filter_by(set_seq=source.seq)) or 0
    )
    one.arguments = {"top": top}
    stands = and_(Customer.version.is_not(None), Customer.version == ChangeRow.version)
    rows = (
        select(
            literal(one.seq, ChangeRow.set_seq.type),
            top - ChangeRow.number,
            ChangeRow.customer_seq,
            ChangeRow.version,
            case((stands, Verdict.CHANGE.value), else_=Verdict.REFUSED.value),
        )
        .outerjoin(Customer, Customer.seq == ChangeRow.customer_seq)
        .where(ChangeRow.set_seq == source.seq, ChangeRow.outcome == Outcome.DONE)
        .order_by(ChangeRow.number.desc())
    )
    columns = ["set_seq", "number", "customer_seq", "based_on", "verdict"]
    db.session.execute(ChangeRow.__table__.insert().from_select(columns, rows))  # type: ignore[attr-defined]
    of_verdict = select(ChangeRow.verdict, func.count()).filter_by(set_seq=one.seq)
    numbers = db.session.execute(of_verdict.group_by(ChangeRow.verdict))
    one.counts = {str(verdict): number for verdict, number in numbers}
    one.total = sum(one.counts.values())
    if source.kind == Kind.UNDO:  # what was closed is opened again
        one.counts = one.counts | {OPENING: one.number_to_apply}
    _name_who_changed(one)


def _name_who_changed(one: ChangeSet) -> None:
    refused = select(ChangeRow).filter_by(set_seq=one.seq, verdict=Verdict.REFUSED)
    for row in db.session.scalars(refused.order_by(ChangeRow.number).limit(MOST_NAMED)):
        row.problems = [["", _why_not(row)]]


def _why_not(row: ChangeRow) -> str:
    customer = db.session.get(Customer, row.customer_seq)
    if customer is None:
        return "The customer was deleted, or merged into another"
    return changed_since(customer, row.based_on or 0).message


def changed_since(customer: Customer, version: int) -> ChangedSince:
    """Who changed a customer after a version, and what."""
    entries = entries_since(customer.subject, version)
    names = ", ".join(dict.fromkeys(entry.actor_name for entry in entries))
    fields = dict.fromkeys(name for entry in entries for name in entry.fields)
    what = ", ".join(DETAIL_NAMES[name] for name in fields if name in DETAIL_NAMES)
    has_only_notes = all(entry.kind.startswith("note_") for entry in entries)
    return ChangedSince(
        by_name=names, what=what or ("notes" if has_only_notes else "the blacklisting")
    )


def propose_edit(customer_id: UUID, number: int, *, by: Actor) -> ChangeSet:
    """Propose to take back one change of a customer's details: a set of one.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `changed_since`; the change does not stand any more.
    """
    with writing():
        customer = get_customer(customer_id)
        entry = _entry(customer, number)
        if entry is None or not stands(entry, customer):
            raise NothingStands
        one = change_set.propose(
            Kind.UNDO, by=by, origin="One change of details", arguments={"entry": number}
        )
        row = {"number": 1, "customer_seq": customer.seq, "based_on": customer.version}
        change_set.add_rows(one, [row | {"verdict": Verdict.CHANGE}])
        one.state = State.CHECKED
        return one


def _entry(customer: Customer, number: int) -> HistoryEntry | None:
    one = entries_of(customer.subject, before=number + 1, limit=1)
    return one[0] if one and one[0].number == number else None


def stands(entry: HistoryEntry, customer: Customer) -> bool:
    """Whether a change of details can be taken back: everything that it set is still so."""
    if entry.kind not in EDITS or entry.values is None:
        return False
    present = values_of(customer.details)
    details = [name for name in entry.fields if name in present]
    return bool(details) and all(entry.new(name) == present[name] for name in details)


def take_back(one: ChangeSet, row: ChangeRow, customer_id: UUID) -> None:
    """Take back what a row names, in the present write transaction.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `changed_since`, `cannot_undo`, or what refuses the inverse.
    """
    customer, by = locked_customer(customer_id), one.actor
    for entry in _entries(one, row, customer):
        _invert(entry, customer, one, by)


def _entries(one: ChangeSet, row: ChangeRow, customer: Customer) -> Sequence[HistoryEntry]:
    """What is to be taken back, newest first."""
    if "entry" in one.arguments:
        entry = _entry(customer, one.arguments["entry"])
        if entry is None or not stands(entry, customer):
            raise NothingStands
        return [entry]
    key = (one.undoes_seq, one.arguments["top"] - row.number)
    source = db.session.get(ChangeRow, key)
    if source is None:
        raise change_set.TooLateToUndo
    if customer.version != source.version:
        raise changed_since(customer, source.version or 0)
    # What others did between the check and the application is theirs.
    entries = entries_since(customer.subject, source.based_on or 0)[::-1]
    return [entry for entry in entries if set_of(entry.request_id) == one.undoes_seq]


def _invert(entry: HistoryEntry, customer: Customer, one: ChangeSet, by: Actor) -> None:
    if entry.values is None:
        raise NoInverse
    if entry.kind == "created":
        erase.delete_customer(customer.id, by=by)
    elif entry.kind in EDITS:
        edit.change(customer.id, _before(entry, customer), based_on=entry.version, by=by)
    elif entry.kind in OPENINGS:
        _close(customer, one, by)
    elif entry.kind in CLOSINGS:
        _open_again(customer, by)
    else:
        raise NoInverse


def _before(entry: HistoryEntry, customer: Customer) -> dict[str, Any]:
    """The details before an entry, as for `edit.change`."""
    values = values_of(customer.details)
    old = {name: entry.old(name) for name in entry.fields if name in values}
    if {"phone", "dial_code"} & old.keys():
        pair = {name: old.pop(name, values[name]) for name in ("phone", "dial_code")}
        old |= {"phone": pair["phone"] or "", "country": pair["dial_code"] or ""}
    return old


def _close(customer: Customer, one: ChangeSet, by: Actor) -> None:
    """As its opener while that is possible, otherwise as a manager who did not open it."""
    present = find_open(customer)
    if present is None:
        raise NotBlacklisted(how=how_it_was_closed(customer))
    own = opening.refusal_to_undo(present, by=by, now=clock.now())
    if own is None:
        opening.undo(customer.id, case_seq=present.seq, by=by)
    elif may_still(by, Permission.REVIEW):
        review.lift(customer.id, case_seq=present.seq, note=one.note, by=by)
    else:
        raise OnlyAManager


def _open_again(customer: Customer, by: Actor) -> None:
    last = latest_of(cases_of(customer.seq))
    assert last is not None, "the entry that is taken back closed one"
    reason = last.reason if last.reason in REASONS_OFFERED else "other"
    note = last.note or ("Blacklisted before" if reason == "other" else "")
    links = "\n".join(last.evidence)
    opening.open_case(customer.id, reason=reason, note=note, evidence=links, by=by)


def note_undone(one: ChangeSet) -> None:
    """Once an undo is applied: the set that it took back is undone."""
    if one.undoes_seq and one.number_done:
        its_own = update(ChangeSet).where(ChangeSet.seq == one.undoes_seq)
        db.session.execute(its_own.values(state=State.UNDONE))
