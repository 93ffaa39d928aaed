"""The forms of merges: naming the other customer, choosing what stays, and why."""

from collections.abc import Mapping
from typing import Any, Self

from wtforms import HiddenField, StringField, TextAreaField

from webapp.customers.clashes import GROUPS
from webapp.customers.models import Customer
from webapp.kernel.fields import MAX_NOTE_LENGTH, parse_int
from webapp.merging.result import Side, newer_side, offered_choices
from webapp.web.frame.page_form import PERSONAL, PageForm

NOTE = {"rows": 3, "maxlength": MAX_NOTE_LENGTH}
# The customer whose page it is, and the other one.
ONE, TWO = "one", "two"


class OtherForm(PageForm):
    """Which customer to merge with."""

    handle = StringField("Reference, e-mail or id of the other record", render_kw=PERSONAL)


class NoteForm(PageForm):
    """Why two customers are merged, or are two again.

    Attributes:
        seen: The versions of both that were shown.
    """

    note = TextAreaField("Note", render_kw=NOTE)
    seen = HiddenField()

    @property
    def versions(self) -> list[int] | None:
        """The versions that were shown, if the form says."""
        numbers = [parse_int(part) for part in (self.submitted["seen"] or "").split()]
        return [one for one in numbers if one is not None] or None


class MergeForm(NoteForm):
    """Which of two records survives, whose details stay, and why."""

    other = HiddenField()
    survivor = StringField("Which reference and id stay")
    first_name = StringField("First name")
    last_name = StringField("Last name")
    email = StringField("E-mail")
    phone = StringField("Phone")
    birthday = StringField("Birthday")

    @classmethod
    def offered(cls, customer: Customer, other: Customer) -> Self:
        """The older record survives, with the details of the one that was changed last."""
        survivor = ONE if customer.created_at <= other.created_at else TWO
        sides = {Side.SURVIVOR: ONE, Side.OTHER: TWO}
        choices = {group: sides[side] for group, side in offered_choices(customer, other).items()}
        seen = f"{customer.version} {other.version}"
        return cls(None, other=str(other.id), survivor=survivor, seen=seen, **choices)

    def choices(self, *, is_swapped: bool) -> Mapping[str, Any]:
        """Whose details stay, for the survivor and the other."""
        sides = (Side.OTHER, Side.SURVIVOR) if is_swapped else (Side.SURVIVOR, Side.OTHER)
        named = dict(zip((ONE, TWO), sides, strict=True))
        return {group: named.get(self[group].data, self[group].data) for group in GROUPS}


def newer_first(customer: Customer, other: Customer) -> tuple[str, str]:
    """Both sides of the form, the record first that was changed last."""
    return (ONE, TWO) if newer_side(customer, other) is Side.SURVIVOR else (TWO, ONE)
