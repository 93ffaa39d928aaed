"""What becomes of two records that are merged: a choice for each group of details."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from webapp.customers.clashes import GROUPS
from webapp.customers.fields import Details
from webapp.customers.models import Customer
from webapp.kernel.submission import Submission


class Side(StrEnum):
    """Whose details stay."""

    SURVIVOR = "survivor"
    OTHER = "other"


# By group of fields, see `clashes.GROUPS`.
Choices = Mapping[str, Side]


def read_choices(raw: Mapping[str, Any], survivor: Customer, other: Customer) -> Choices:
    """Read whose details stay; what is not said stands as it is offered.

    Raises:
        Invalid: `invalid_details`, with the problem on each group that is not understood.
    """
    submission, offered = Submission(), offered_choices(survivor, other)
    for group in GROUPS:
        submission.read(group, _read_side, raw.get(group) or offered[group])
    submission.refuse_if_wrong()
    return submission.values


def _read_side(raw: Any) -> Side:
    if raw not in tuple(Side):
        raise ValueError("Choose one of the two")
    return Side(raw)


def offered_choices(survivor: Customer, other: Customer) -> Choices:
    """The details of the record that was changed last, where it has any."""
    newer = newer_side(survivor, other)
    older = Side.OTHER if newer is Side.SURVIVOR else Side.SURVIVOR
    people = {Side.SURVIVOR: survivor, Side.OTHER: other}
    return {
        group: newer
        if getattr(people[newer], group) or not getattr(people[older], group)
        else older
        for group in GROUPS
    }


def newer_side(survivor: Customer, other: Customer) -> Side:
    """Which of two records was changed last."""
    return Side.SURVIVOR if survivor.updated_at >= other.updated_at else Side.OTHER


def result_of(survivor: Customer, other: Customer, choices: Choices) -> Details:
    """The details of the survivor once the two are merged."""
    people = {Side.SURVIVOR: survivor, Side.OTHER: other}
    return Details(
        **{
            name: getattr(people[choices[group]], name)
            for group, names in GROUPS.items()
            for name in names
        }
    )
