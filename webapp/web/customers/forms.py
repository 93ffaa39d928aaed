"""The forms about a customer: details and notes."""

from functools import cache
from typing import Any, Self

from wtforms import HiddenField, StringField, TextAreaField

from webapp.customers.numbering.countries import countries
from webapp.kernel import clock
from webapp.kernel.fields import MAX_NOTE_LENGTH
from webapp.web.frame.page_form import BIRTHDAY, PERSONAL, LongSelectField, Options, PageForm


@cache
def country_options(first: tuple[str, ...]) -> Options:
    """Every country with its dial code, the company's own first."""
    named = {code: f"{country.name} {country.dial_code}" for code, country in countries().items()}
    ours = {code: named.pop(code) for code in first if code in named}
    groups = {"Often used": ours, "All countries": named}
    return Options(
        {"": {"": "No country"}} | {label: some for label, some in groups.items() if some}
    )


class CustomerForm(PageForm):
    """Adding and editing. An edit is based on `version`;
    `customer_id` makes adding idempotent.
    """

    TYPED = ("first_name", "last_name", "email", "phone", "country", "birthday")

    first_name = StringField("First name", render_kw=PERSONAL)
    last_name = StringField("Last name", render_kw=PERSONAL)
    email = StringField("E-mail", render_kw=PERSONAL | {"type": "email"})
    country = LongSelectField("Country")
    phone = StringField(
        "Phone number", render_kw={"autocomplete": "off", "type": "tel", "inputmode": "tel"}
    )
    birthday = StringField("Birthday", render_kw=BIRTHDAY)
    version = HiddenField()
    customer_id = HiddenField()
    country_shown = HiddenField()
    asked = HiddenField()

    def __init__(self, *args: Any, first_countries: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.options = country_options(first_countries)

    def typed(self) -> dict[str, Any]:
        """What was submitted, under the names that the rules use."""
        typed = {name: self.submitted[name] or "" for name in self.TYPED}
        return typed | {"birthday": clock.as_iso_day(typed["birthday"])}


class NoteForm(PageForm):
    """A new note about a customer, or the correction of one.

    Attributes:
        note_seq: The note that is corrected; 0 for a new one.
    """

    text = TextAreaField("Note", render_kw={"rows": 2, "maxlength": MAX_NOTE_LENGTH})
    note_seq = 0

    @classmethod
    def about(cls, note_seq: int, typed: Any = None) -> Self:
        form = cls(typed)
        form.note_seq = note_seq
        form.text.id = f"text-{note_seq}"
        form.text.label.field_id = form.text.id
        return form
