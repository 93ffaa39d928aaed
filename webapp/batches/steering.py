"""Stop the work on a set, go on with it, or give it up."""

from collections.abc import Callable
from typing import Any

from webapp.batches.change_set import NotInThisState, enqueue, locked_set
from webapp.batches.models import ChangeSet, State
from webapp.kernel import clock
from webapp.kernel.database import writing


def stop(seq: int) -> ChangeSet:
    """Stop the work on a set after its present batch.

    Raises:
        NotFound: `set_not_found`.
        Conflict: `other_state`; nothing is being done.
    """
    return _alter(seq, lambda one: one.is_at_work, is_stopped=True)


def go_on(seq: int) -> ChangeSet:
    """Go on with a set that was stopped.

    Raises:
        NotFound: `set_not_found`.
        Conflict: `other_state`.
    """
    return _alter(seq, _can_go_on, is_stopped=False, problem=None)


def _can_go_on(one: ChangeSet) -> bool:
    return one.began_at is not None and not one.is_at_work


def _alter(seq: int, may: Callable[[ChangeSet], bool], **new: Any) -> ChangeSet:
    with writing():
        one = locked_set(seq)
        if not may(one):
            raise NotInThisState
        for name, value in new.items():
            setattr(one, name, value)
        if one.is_at_work:
            enqueue(one)
        return one


def abandon(seq: int) -> ChangeSet:
    """Give up a set that was not applied; of one that was stopped half-way, what is applied stays,
    and the rest is left.

    Raises:
        NotFound: `set_not_found`.
        Conflict: `other_state`.
    """
    with writing():
        one = locked_set(seq)
        if one.state not in (State.DRAFTED, State.CHECKED) or one.is_at_work:
            raise NotInThisState
        one.state = State.APPLIED if one.number_done else State.ABANDONED
        one.began_at, one.ended_at, one.is_stopped = None, clock.now(), False
        return one
