"""Concurrent edits: fields that both people changed are asked about, everything else is merged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.customers.fields import Details
from webapp.customers.models import Customer
from webapp.history.entries import HistoryEntry
from webapp.kernel.refusals import Conflict

# Fields that only make sense together: when two people change the same group, they are asked.
GROUPS = {name: (name,) for name in ("first_name", "last_name", "email")} | {
    "phone": ("phone", "dial_code"),
    "birthday": ("birthday",),
}


@dataclass(frozen=True)
class Clash:
    """One group of fields that two people changed at once, differently.

    Attributes:
        field: Name of the group: `first_name`, `last_name`, `email`, `phone` or `birthday`.
        mine: The values that were submitted.
        theirs: The values that stand in the book.
        entry: The change that came first: who made it, and when.
    """

    field: str
    mine: Mapping[str, Any]
    theirs: Mapping[str, Any]
    entry: HistoryEntry


class ChangedMeanwhile(Conflict):
    """Somebody changed the same fields since the submitted version; nothing was saved.

    Attributes:
        clashes: What to ask the person about.
        merged: The details as they would be saved, with the other person's values where they clash.
        version: The version that the answer must be based on.
    """

    code = "clash"
    sentence = "Somebody else changed this customer while you were editing"

    def __init__(self, clashes: list[Clash], merged: Details, version: int) -> None:
        super().__init__()
        self.clashes = clashes
        self.merged = merged
        self.version = version


def values_of(details: Details) -> dict[str, Any]:
    """Details by name, in the order of their groups."""
    return {name: getattr(details, name) for names in GROUPS.values() for name in names}


def differing(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values that differ, as they were and as they are, for an entry of the history."""
    names = [name for name in after if after[name] != before[name]]
    old, new = ({name: some[name] for name in names} for some in (before, after))
    return old, new


def as_it_was(customer: Customer, meanwhile: list[HistoryEntry]) -> dict[str, Any]:
    """The details before the entries in `meanwhile`: for each field, the old value of the oldest
    entry that changed it.
    """
    values = values_of(customer.details)
    for entry in reversed(meanwhile):
        values |= {name: entry.old(name) for name in entry.fields if name in values}
    return values


def merge(
    base: Mapping[str, Any],
    current: Mapping[str, Any],
    mine: Mapping[str, Any],
    meanwhile: list[HistoryEntry],
) -> tuple[dict[str, Any], list[Clash]]:
    """Merge each group of fields on its own: a three-way merge.

    Args:
        base: What the submission started from; `current` is what stands now, and `mine` what was
            submitted.

    Returns:
        The details as they would be saved, and the groups that both changed, differently.
    """
    merged, clashes = dict(current), []
    for group, names in GROUPS.items():
        was, stands, asked = (
            {name: values[name] for name in names} for values in (base, current, mine)
        )
        if asked == was:
            continue
        if stands not in (was, asked):
            theirs = next(entry for entry in reversed(meanwhile) if set(names) & set(entry.fields))
            clashes.append(Clash(group, asked, stands, theirs))
        else:
            merged |= asked
    return merged, clashes
