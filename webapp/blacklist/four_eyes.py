"""Who may decide about a case: never whoever opened it, in any shape."""

from webapp.blacklist.models import Blacklisting
from webapp.history.entries import Actor
from webapp.history.eyes import eyes_of, why_the_same
from webapp.kernel.refusals import Conflict


def refusal_to_decide(case: Blacklisting, *, by: Actor) -> Conflict | None:
    """Why somebody is no second pair of eyes for this case; `None` when they are. The command line
    is nobody's.
    """
    if by.door == "command" and by.accountable_id is not None:
        return Conflict(
            "nobody_answers",
            "The command line is nobody's second pair of eyes; a manager must decide on a page",
        )
    return refusal_to_lift(case, by=by)


def refusal_to_lift(case: Blacklisting, *, by: Actor) -> Conflict | None:
    """Why this case is not theirs to decide; `None` when it is. The owner of a key counts as its
    opener.
    """
    if by.accountable_id is None:
        return Conflict("nobody_answers", "Somebody must answer for a decision; name a manager")
    if not case.is_answered_for_by(eyes_of(by.accountable_id)):
        return None
    if case.accountable_id != by.accountable_id:
        return Conflict("own_decision", _same_eyes(case, by))
    if case.opened_by_kind == "key":
        return Conflict(
            "own_decision", "Your API key opened this blacklisting; another manager must decide"
        )
    return Conflict(
        "own_decision", "You opened this blacklisting yourself; another manager must decide"
    )


def _same_eyes(case: Blacklisting, by: Actor) -> str:
    reason = why_the_same(by.accountable_id, case.accountable_id, case.opened_by_name)
    reason = reason or "one of you could sign in as a third person, and they as the other"
    return (
        f"You count as the same pair of eyes as {case.opened_by_name}: {reason}. Another "
        "manager must decide"
    )
