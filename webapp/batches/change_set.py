"""The life of a set of changes: proposed, checked, agreed to, applied, taken back.

Whoever proposed it answers for every row: rows are applied in their name, and only while they may.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, or_, select

from webapp.batches.models import OPENING, ChangeRow, ChangeSet, Kind, State, counted
from webapp.history.entries import Actor
from webapp.history.eyes import OwnDecision, eyes_of
from webapp.kernel import clock, jobs
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Conflict, NotFound, refuse
from webapp.staff.permissions import Permission

UNDO_FOR = timedelta(days=30)
# Rows that are checked, or applied, in one transaction.
BATCH = 200
JOB = "change_set"
# What each kind of set needs, of whoever proposes it and while it is applied.
PERMISSIONS = {
    Kind.IMPORT: Permission.IMPORT,
    Kind.BLACKLIST: Permission.BLACKLIST,
    Kind.ASK_TO_LIFT: Permission.BLACKLIST,
    Kind.DELETE: Permission.DELETE_CUSTOMERS,
    Kind.DECIDE: Permission.REVIEW,
}
# Above a number of customers, a second person agrees before these are applied.
OF_TWO = (Kind.BLACKLIST, Kind.ASK_TO_LIFT, Kind.DELETE)
# Personal data is gone, or a manager has decided: there is no way back by a set.
WITHOUT_UNDO = (Kind.DELETE, Kind.ASK_TO_LIFT, Kind.DECIDE)


class NoSuchSet(NotFound):
    code = "set_not_found"
    sentence = "There is no such set of changes"


class NotInThisState(Conflict):
    code = "other_state"
    sentence = "Somebody has gone on with this set meanwhile; look at it again"


class NeedsSecondPerson(Conflict):
    code = "needs_second_person"
    sentence = "This is more than {limit} customers; another manager must agree first"


class OwnSet(OwnDecision):
    sentence = "You proposed this, or count as the one who did; another manager must agree"


class NothingToApply(Conflict):
    code = "nothing_to_apply"
    sentence = "Nothing in this set can be applied"


class CannotUndo(Conflict):
    code = "cannot_undo"
    sentence = "A set of this kind cannot be undone"


class TooLateToUndo(Conflict):
    code = "too_late"
    sentence = "More than 30 days have passed; this set cannot be undone any more"


def propose(
    kind: Kind,
    *,
    by: Actor,
    origin: str,
    note: str = "",
    arguments: Mapping[str, Any] | None = None,
    undoes: int | None = None,
) -> ChangeSet:
    """Begin a set, in the present write transaction."""
    one = ChangeSet(
        kind=kind,
        state=State.DRAFTED,
        proposed_at=clock.now(),
        by_kind=by.kind,
        by_id=by.id,
        by_name=by.name,
        owner_id=by.owner_id,
        door=by.door,
        origin=origin,
        note=note,
        arguments=dict(arguments or {}),
        counts={},
        undoes_seq=undoes,
    )
    db.session.add(one)
    db.session.flush()
    return one


def add_rows(one: ChangeSet, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows to a set, and to its counts, in the present write transaction."""
    if rows:
        db.session.execute(insert(ChangeRow), [{"set_seq": one.seq, **row} for row in rows])
        one.total += len(rows)
        verdicts = (row["verdict"] for row in rows if row.get("verdict"))
        one.counts = counted(one.counts, Counter(verdicts))


def find_set(seq: int) -> ChangeSet:
    """The set with this number.

    Raises:
        NotFound: `set_not_found`.
    """
    one = db.session.get(ChangeSet, seq, populate_existing=True)
    if one is None:
        raise NoSuchSet
    return one


def locked_set(seq: int) -> ChangeSet:
    """The same, locked for the present write transaction."""
    one = db.session.get(ChangeSet, seq, populate_existing=True, with_for_update=True)
    if one is None:
        raise NoSuchSet
    return one


def list_sets(*, by: Actor | None, limit: int, before: int | None = None) -> Sequence[ChangeSet]:
    """Sets, newest first.

    Args:
        by: Only those that this member proposed, or one of their programs.
        before: Only those with a lower number.
    """
    query = select(ChangeSet).order_by(ChangeSet.seq.desc()).limit(limit)
    if by:
        theirs = (ChangeSet.by_kind == "staff") & (ChangeSet.by_id == by.id)
        query = query.where(or_(theirs, ChangeSet.owner_id == by.id))
    if before:
        query = query.where(ChangeSet.seq < before)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def waiting_for_agreement(*, limit: int, above: int) -> Sequence[ChangeSet]:
    """Checked sets that are too large for one person, oldest first."""
    waits = select(ChangeSet).where(
        ChangeSet.state == State.CHECKED,
        ChangeSet.began_at.is_(None),
        ChangeSet.agreed_by_id.is_(None),
    )
    rows = db.session.scalars(waits.order_by(ChangeSet.seq).limit(limit))
    return [one for one in rows if needs_second_person(one, above)]


def permission_of(one: ChangeSet) -> Permission:
    """What a set needs; an undo needs what the set needs that it undoes."""
    origin = one
    while origin.kind == Kind.UNDO and origin.undoes_seq:
        origin = db.session.get_one(ChangeSet, origin.undoes_seq)
    return PERMISSIONS.get(Kind(origin.kind), Permission.EDIT_CUSTOMERS)


def needs_second_person(one: ChangeSet, above: int) -> bool:
    """Whether a second person must agree, who has not yet."""
    number = one.number_to_apply if one.kind in OF_TWO else one.counts.get(OPENING, 0)
    return number > above and one.agreed_by_id is None


def refusal_to_apply(one: ChangeSet, *, above: int) -> Conflict | None:
    """Why a set cannot be applied; `None` if it can."""
    if one.state != State.CHECKED or one.began_at:
        return NotInThisState()
    if not one.number_to_apply:
        return NothingToApply()
    return NeedsSecondPerson(limit=above) if needs_second_person(one, above) else None


def refusal_to_agree(one: ChangeSet, *, by: Actor, above: int) -> Conflict | None:
    """Why somebody may not be the second person; `None` if they may."""
    if one.state != State.CHECKED or one.began_at or not needs_second_person(one, above):
        return NotInThisState()
    answers = one.actor.accountable_id
    if by.accountable_id is None or answers in eyes_of(by.accountable_id):
        return OwnSet()
    return None


def check(seq: int) -> None:
    """Let the worker check a draft, anew if it was checked before.

    Raises:
        NotFound: `set_not_found`.
        Conflict: `other_state`.
    """
    with writing():
        one = locked_set(seq)
        if one.state not in (State.DRAFTED, State.CHECKED) or one.began_at:
            raise NotInThisState
        refuse_if_begun(one)
        one.state, one.problem = State.DRAFTED, None
        one.counts, one.total = {}, 0
        db.session.execute(ChangeRow.__table__.delete().where(ChangeRow.set_seq == seq))  # type: ignore[attr-defined]
        _begin(one)


def refuse_if_begun(one: ChangeSet) -> None:
    """Refuse a set of which some rows were decided already.

    Raises:
        Conflict: `other_state`.
    """
    begun = select(ChangeRow.number).where(
        ChangeRow.set_seq == one.seq, ChangeRow.outcome.is_not(None)
    )
    if db.session.scalar(begun.limit(1)) is not None:
        raise NotInThisState


def apply(seq: int, *, above: int, by: Actor) -> ChangeSet:
    """Let the worker apply a set that was checked.

    Args:
        above: How many customers one person may decide about alone.

    Raises:
        NotFound: `set_not_found`.
        Conflict: `other_state`, `nothing_to_apply` or `needs_second_person`; of somebody else's
            set, `own_decision`.
    """
    with writing():
        one = locked_set(seq)
        refuse(refusal_to_apply(one, above=above))
        refuse(refusal_of_others(one, by))
        _begin(one)
        return one


class NotYourSet(Conflict):
    code = "not_yours"
    sentence = "{by_name} proposed this; only they can go on with it"


def refusal_of_others(one: ChangeSet, by: Actor) -> Conflict | None:
    """Why only its proposer may alter or apply a set: they answer for it."""
    is_theirs = (one.by_kind, one.by_id) == (by.kind, by.id)
    return None if is_theirs else NotYourSet(by_name=one.by_name)


def agree(seq: int, *, above: int, by: Actor) -> ChangeSet:
    """Agree as the second person; the set is then applied.

    Raises:
        NotFound: `set_not_found`.
        Conflict: `other_state` or `own_decision`.
    """
    with writing():
        one = locked_set(seq)
        refuse(refusal_to_agree(one, by=by, above=above))
        one.agreed_by_id, one.agreed_by_name = by.accountable_id, by.name
        _begin(one)
        return one


def _begin(one: ChangeSet) -> None:
    one.position, one.began_at, one.is_stopped = 0, clock.now(), False
    enqueue(one)


def enqueue(one: ChangeSet) -> None:
    """Ask the worker to go on with a set, in the present write transaction."""
    # Without a name: while a worker finishes one job of the set, the next is asked for.
    jobs.enqueue(JOB, {"set": one.seq})


def rows_with_problems(seq: int, *, limit: int) -> Sequence[ChangeRow]:
    """The first rows of a set that were refused, held back or not done."""
    rows = select(ChangeRow).where(ChangeRow.set_seq == seq, ChangeRow.problems.is_not(None))
    return db.session.scalars(rows.order_by(ChangeRow.number).limit(limit)).all()


def refusal_to_undo(one: ChangeSet) -> Conflict | None:
    """Why a set cannot be undone; `None` if it can."""
    if one.state != State.APPLIED or one.ended_at is None or not one.number_done:
        return NotInThisState()
    if one.kind in WITHOUT_UNDO:
        return CannotUndo()
    if clock.now() - one.ended_at > UNDO_FOR or one.forgotten_at:
        return TooLateToUndo()
    return None
