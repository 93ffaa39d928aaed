"""What sets of changes are called on pages."""

from webapp.batches.models import ChangeSet, Kind, Outcome, State, Verdict
from webapp.web.words.formats import counted

TITLES = {
    Kind.IMPORT: "Import of {}",
    Kind.BLACKLIST: "Blacklist: {}",
    Kind.ASK_TO_LIFT: "Ask to remove: {}",
    Kind.DELETE: "Delete: {}",
    Kind.DECIDE: "Decide: {}",
    Kind.UNDO: "Undo: {}",
}
STATES = {
    State.DRAFTED: "Not checked yet",
    State.CHECKED: "Checked, not applied yet",
    State.APPLIED: "Applied",
    State.ABANDONED: "Given up",
    State.UNDONE: "Undone",
}
# Rows by their verdict or outcome: what they are called, in the order in which they are shown.
GROUPS: dict[str, str] = {
    Verdict.NEW: "New",
    Verdict.CHANGE: "To change",
    Verdict.SAME: "The same",
    Verdict.REFUSED: "Refused",
    Verdict.HELD: "Held back",
    Outcome.DONE: "Done",
    Outcome.UNCHANGED: "Already so",
    Outcome.FAILED: "Not done",
    Outcome.ASKED: "Wait for a second person",
    Outcome.DISCARDED: "Left out",
}
# What is pressed to apply a set of each kind, with the number of customers.
VERBS = {
    Kind.IMPORT: "Import {}",
    Kind.BLACKLIST: "Blacklist {}",
    Kind.ASK_TO_LIFT: "Ask to remove {}",
    Kind.DELETE: "Delete {}",
    Kind.DECIDE: "Decide {}",
    Kind.UNDO: "Undo {}",
}


def title_of(one: ChangeSet) -> str:
    return TITLES[Kind(one.kind)].format(one.origin)


def state_of(one: ChangeSet) -> str:
    """The state of a set in words."""
    if one.problem:
        return "Stopped by a problem"
    if one.began_at is None:
        return STATES[State(one.state)]
    if one.is_stopped:
        return "Stopped"
    return "Being checked" if one.state == State.DRAFTED else "Being applied"


def apply_text(one: ChangeSet) -> str:
    number = counted(one.number_to_apply, "customer", "customers")
    return VERBS[Kind(one.kind)].format(number)
