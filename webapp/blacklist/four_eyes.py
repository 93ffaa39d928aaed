"""Who may decide a case: never its opener, nor anybody who counts as the same person."""

from collections.abc import Set
from typing import Any, Protocol

from webapp.history.entries import Actor
from webapp.history.eyes import OwnDecision, eyes_of, why_the_same
from webapp.kernel.refusals import Conflict


class NobodyAnswers(Conflict):
    code = "nobody_answers"
    sentence = "Somebody must answer for a decision; name a manager"


class DecidedByCommand(NobodyAnswers):
    sentence = "The command line cannot be the second person; a manager must decide on a page"


class OpenedByYou(OwnDecision):
    sentence = "You opened this yourself; another manager must decide"


class OpenedByYourKey(OwnDecision):
    sentence = "Your API key opened this; another manager must decide"


class SameEyes(OwnDecision):
    sentence = "You and {by_name} count as one person: {why}. Another manager must decide"


class JoinedWithYours(OwnDecision):
    sentence = "You answer for a blacklisting that is joined with this one; another must decide"


class Decidable(Protocol):
    """What a manager decides about: a blacklisting, or an entry."""

    accountable_id: Any
    opened_by_kind: Any
    opened_by_name: Any

    def is_answered_for_by(self, eyes: Set[int]) -> bool:
        """Whether one of these members opened it, or owns the key that did."""


def refusal_to_decide(case: Decidable, *, by: Actor) -> Conflict | None:
    """Why somebody is not a second pair of eyes for this case, or `None` if they are; the command
    line never is.
    """
    if by.door == "command" and by.accountable_id is not None:
        return DecidedByCommand()
    return refusal_to_lift(case, by=by)


def refusal_to_lift(case: Decidable, *, by: Actor) -> Conflict | None:
    """Why somebody may not lift this case, or `None` if they may; the owner of a key counts as the
    opener of its cases.
    """
    if by.accountable_id is None:
        return NobodyAnswers()
    eyes = eyes_of(by.accountable_id)
    if not case.is_answered_for_by(eyes):
        return None
    if case.accountable_id not in eyes:
        return JoinedWithYours()
    if case.accountable_id != by.accountable_id:
        return SameEyes(why=_same_eyes(case, by), by_name=case.opened_by_name)
    if case.opened_by_kind == "key":
        return OpenedByYourKey()
    return OpenedByYou()


def _same_eyes(case: Decidable, by: Actor) -> str:
    reason = why_the_same(by.accountable_id, case.accountable_id, case.opened_by_name)
    return reason or "one of you could sign in as a third person, and they as the other"
