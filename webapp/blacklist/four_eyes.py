"""Who may decide about a case: never whoever opened it, in any shape."""

from webapp.blacklist.models import Blacklisting
from webapp.history.entries import Actor
from webapp.history.eyes import OwnDecision, eyes_of, why_the_same
from webapp.kernel.refusals import Conflict


class NobodyAnswers(Conflict):
    code = "nobody_answers"
    sentence = "Somebody must answer for a decision; name a manager"


class DecidedByCommand(NobodyAnswers):
    sentence = "The command line is nobody's second pair of eyes; a manager must decide on a page"


class OpenedByYou(OwnDecision):
    sentence = "You opened this blacklisting yourself; another manager must decide"


class OpenedByYourKey(OwnDecision):
    sentence = "Your API key opened this blacklisting; another manager must decide"


class SameEyes(OwnDecision):
    sentence = "You count as the same pair of eyes as {by_name}: {why}. Another manager must decide"


def refusal_to_decide(case: Blacklisting, *, by: Actor) -> Conflict | None:
    """Why somebody is no second pair of eyes for this case;
    `None` when they are. The command line is nobody's.
    """
    if by.door == "command" and by.accountable_id is not None:
        return DecidedByCommand()
    return refusal_to_lift(case, by=by)


def refusal_to_lift(case: Blacklisting, *, by: Actor) -> Conflict | None:
    """Why this case is not theirs to decide; `None` when it is.
    The owner of a key counts as its opener.
    """
    if by.accountable_id is None:
        return NobodyAnswers()
    if not case.is_answered_for_by(eyes_of(by.accountable_id)):
        return None
    if case.accountable_id != by.accountable_id:
        return SameEyes(why=_same_eyes(case, by), by_name=case.opened_by_name)
    if case.opened_by_kind == "key":
        return OpenedByYourKey()
    return OpenedByYou()


def _same_eyes(case: Blacklisting, by: Actor) -> str:
    reason = why_the_same(by.accountable_id, case.accountable_id, case.opened_by_name)
    return reason or "one of you could sign in as a third person, and they as the other"
