"""The same deed for many customers: exactly those who were counted when it was proposed.

Who is added to a list between the preview and its application is not touched.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from webapp.batches import change_set
from webapp.batches.change_set import BATCH
from webapp.batches.models import ChangeRow, ChangeSet, Kind, Outcome, State, Verdict
from webapp.blacklist import opening
from webapp.blacklist.case import NotBlacklisted
from webapp.blacklist.models import REVIEW_AFTER, Blacklisting, Decision
from webapp.blacklist.reviewing import review
from webapp.customers import erase
from webapp.customers.models import Customer, Tombstone
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Conflict, Invalid, InvalidDetails
from webapp.kernel.submission import read_note

MOST_CHOSEN = 10_000
Row = dict[str, Any]


class NobodyChosen(InvalidDetails):
    sentence = "Nothing is selected. Select customers first"


class TooManyChosen(Invalid):
    code = "selection_too_large"
    sentence = "Select at most 10,000 customers at a time"


class WrongCount(InvalidDetails):
    sentence = "Type the number of customers to be deleted"


def propose(
    kind: Kind,
    seqs: Sequence[int],
    *,
    reason: Any = None,
    note: Any = "",
    origin: str,
    listed: Mapping[str, str] | None = None,
    by: Actor,
) -> ChangeSet:
    """Propose one deed for some customers, checked at once.

    Args:
        kind: `blacklist`, `ask_to_lift` or `delete`.
        seqs: Who; each counts once.
        reason: For `blacklist`, one of `REASONS_OFFERED`.
        note: For all of them; required to ask for removals, and for the reason `other`.
        origin: How they were chosen, in words.
        listed: The query of the list's address, if all on it were chosen.

    Raises:
        Invalid: `invalid_details`, or `selection_too_large`.
    """
    if not seqs:
        raise NobodyChosen({"customers": ["Select at least one"]})
    if len(set(seqs)) > MOST_CHOSEN:
        raise TooManyChosen
    text, arguments = _read(kind, reason, note)
    arguments |= {"list": dict(listed)} if listed is not None else {}
    with writing():
        one = change_set.propose(kind, by=by, origin=origin, note=text, arguments=arguments)
        _freeze(one, sorted(set(seqs)), by)
        one.state = State.CHECKED
        return one


def _read(kind: Kind, reason: Any, note: Any) -> tuple[str, dict[str, Any]]:
    if kind is Kind.BLACKLIST:
        return opening.read_opening(reason, note)[0], {"reason": reason}
    missing = "Say why they should be removed" if kind is Kind.ASK_TO_LIFT else ""
    return read_note(note, missing=missing), {}


def _freeze(one: ChangeSet, seqs: Sequence[int], by: Actor) -> None:
    number = 0
    for start in range(0, len(seqs), BATCH):
        part = seqs[start : start + BATCH]
        customers = db.session.scalars(
            select(Customer)
            .where(Customer.seq.in_(part))
            .order_by(Customer.seq)
            .execution_options(populate_existing=True)
        ).all()
        cases = _open_cases(part)
        rows = [
            _checked(one, customer, cases.get(customer.seq), by) | {"number": number + place}
            for place, customer in enumerate(customers, 1)
        ]
        change_set.add_rows(one, rows)
        number += len(rows)


def _open_cases(seqs: Sequence[int]) -> dict[int, Blacklisting]:
    query = select(Blacklisting).where(
        Blacklisting.customer_seq.in_(seqs), Blacklisting.closed_at.is_(None)
    )
    return {case.customer_seq: case for case in db.session.scalars(query)}


def _checked(one: ChangeSet, customer: Customer, case: Blacklisting | None, by: Actor) -> Row:
    row: Row = {"customer_seq": customer.seq, "based_on": customer.version}
    row |= {"proposed": {"case": case.seq} if case else None, "problems": None}
    if one.kind == Kind.BLACKLIST and case:
        return row | {"verdict": Verdict.SAME}
    refusal = _CHECKS[Kind(one.kind)](customer, case, by)
    if refusal:
        return row | {"verdict": Verdict.REFUSED, "problems": [["", refusal.message]]}
    return row | {"verdict": Verdict.CHANGE}


def _check_ask(_: Customer, case: Blacklisting | None, __: Actor) -> Conflict | None:
    if case is None:
        return NotBlacklisted(how="This customer is not blacklisted")
    return opening.refusal_to_ask(case)


def _check_decision(_: Customer, case: Blacklisting | None, by: Actor) -> Conflict | None:
    if case is None:
        return NotBlacklisted(how="This customer is not blacklisted")
    return review.refusal_to_review(case, by=by, now=clock.now())


_Check = Callable[[Customer, Blacklisting | None, Actor], Conflict | None]
_CHECKS: dict[Kind, _Check] = {
    Kind.BLACKLIST: lambda *_: None,
    Kind.ASK_TO_LIFT: _check_ask,
    Kind.DELETE: lambda customer, _, by: erase.refusal_to_delete(customer, by=by),
    Kind.DECIDE: _check_decision,
}


def propose_decision(
    seq: int,
    decision: Decision,
    *,
    note: Any = "",
    look_again_after: int = REVIEW_AFTER.days,
    without: Sequence[int] = (),
    by: Actor,
) -> ChangeSet:
    """Propose to decide alike about the blacklistings that a set has opened and that still wait.

    Args:
        without: Cases that are picked out, to be decided by themselves.

    Raises:
        NotFound: `set_not_found`.
        Invalid: `invalid_details`.
    """
    text = read_note(note, missing=review.WHY_A_MISTAKE if decision is Decision.OVERTURNED else "")
    if look_again_after not in review.LOOK_AGAIN_AFTER:
        raise review.ChooseWhen({"look_again_after": ["Choose one of these"]})
    seqs = [case.customer_seq for case in cases_waiting(seq) if case.seq not in set(without)]
    if not seqs:
        raise NobodyChosen({"cases": ["Nothing is left to decide"]})
    arguments = {"decision": decision.value, "look_again_after": look_again_after}
    with writing():
        origin = f"Blacklistings of set {seq}"
        one = change_set.propose(Kind.DECIDE, by=by, origin=origin, note=text, arguments=arguments)
        _freeze(one, seqs, by)
        one.state = State.CHECKED
        return one


def cases_waiting(seq: int) -> Sequence[Blacklisting]:
    """The cases that a set has opened and that still wait for a first review, oldest first."""
    query = _opened_and_waiting(select(Blacklisting)).where(ChangeRow.set_seq == seq)
    return db.session.scalars(query.order_by(Blacklisting.seq)).all()


def sets_to_review(*, limit: int) -> list[tuple[ChangeSet, int]]:
    """Sets whose blacklistings wait for a first review, oldest first, with their number."""
    query = _opened_and_waiting(select(ChangeSet.seq, func.count()).select_from(Blacklisting))
    numbers = db.session.execute(
        query.group_by(ChangeSet.seq).order_by(ChangeSet.seq).limit(limit)
    ).all()
    return [(db.session.get_one(ChangeSet, seq), number) for seq, number in numbers]


def _opened_and_waiting(query: Any) -> Any:
    """Cases that the proposer of a set opened with it."""
    return (
        query.join(ChangeRow, ChangeRow.customer_seq == Blacklisting.customer_seq)
        .join(ChangeSet, ChangeSet.seq == ChangeRow.set_seq)
        .where(
            ChangeSet.kind.in_((Kind.BLACKLIST, Kind.IMPORT)),
            ChangeRow.outcome == Outcome.DONE,
            Blacklisting.closed_at.is_(None),
            Blacklisting.reviewed_at.is_(None),
            Blacklisting.opened_at >= ChangeSet.proposed_at,
            Blacklisting.opened_by_kind == ChangeSet.by_kind,
            Blacklisting.opened_by_id == ChangeSet.by_id,
        )
    )


def refuse_wrong_count(one: ChangeSet, typed: str) -> None:
    """Refuse to delete unless the number of customers was typed.

    Raises:
        Invalid: `invalid_details`, with the problem on `count`.
    """
    number = one.number_to_apply
    if one.kind == Kind.DELETE and parse_int(typed.replace(",", "").strip()) != number:
        raise WrongCount({"count": [f"Type {number:,} to delete {number:,} customers"]})


def carry_out(
    one: ChangeSet, row: ChangeRow, customer: Customer, *, daily_budget: int
) -> tuple[Outcome, Customer | Tombstone | None]:
    """Do what a row proposes, in the present write transaction.

    Args:
        daily_budget: How many customers one person may delete in 24 hours alone.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: what refuses the deed.
    """
    by, kind, case_seq = one.actor, Kind(one.kind), (row.proposed or {}).get("case", 0)
    if kind is Kind.BLACKLIST:
        reason = one.arguments["reason"]
        opened = opening.open_case(customer.id, reason=reason, note=one.note, by=by)
        return (Outcome.DONE if opened.is_new else Outcome.UNCHANGED), opened.customer
    if kind is Kind.ASK_TO_LIFT:
        asked = opening.ask_for_lift(customer.id, case_seq=case_seq, note=one.note, by=by)
        return Outcome.DONE, asked
    if kind is Kind.DECIDE:
        _decide(one, case_seq, by)
        return Outcome.DONE, customer
    budget = None if one.agreed_by_id else daily_budget
    gone = erase.delete_customer(customer.id, by=by, daily_budget=budget)
    return (Outcome.DONE, gone) if isinstance(gone, Tombstone) else (Outcome.ASKED, customer)


def _decide(one: ChangeSet, case_seq: int, by: Actor) -> None:
    review.decide(
        case_seq,
        Decision(one.arguments["decision"]),
        note=one.note,
        look_again_after=one.arguments["look_again_after"],
        by=by,
    )
