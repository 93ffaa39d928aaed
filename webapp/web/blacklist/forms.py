"""The forms of the blacklist: opening, lifting, reviewing and checking."""

from typing import Any, Self

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from webapp.blacklist.models import REASONS_OFFERED, REVIEW_AFTER
from webapp.blacklist.reviewing.review import LOOK_AGAIN_AFTER
from webapp.kernel import clock
from webapp.kernel.fields import MAX_NOTE_LENGTH
from webapp.web.customers.forms import country_options
from webapp.web.frame.page_form import BIRTHDAY, PERSONAL, LongSelectField, PageForm, choices_of

LOOK_AGAIN_LABELS = {str(days): f"in {days} days" for days in LOOK_AGAIN_AFTER}


class LiftForm(PageForm):
    note = TextAreaField("Note", render_kw={"rows": 3, "maxlength": MAX_NOTE_LENGTH})
    return_to = HiddenField()
    case = HiddenField()


UNTIL = {"autocomplete": "off", "maxlength": 40, "placeholder": "31.12.2026 18:00"}


class BlacklistingForm(LiftForm):
    evidence = TextAreaField("Evidence", render_kw={"rows": 2, "spellcheck": "false"})
    reason = RadioField("Reason", choices=choices_of(**REASONS_OFFERED), validate_choice=False)
    until = StringField("Ends on", render_kw=UNTIL)


class EndForm(PageForm):
    """When a blacklisting ends."""

    until = StringField("Ends on", render_kw=UNTIL)
    note = TextAreaField("Note", render_kw={"rows": 3, "maxlength": MAX_NOTE_LENGTH})
    case = HiddenField()


class MarkForm(PageForm):
    note = TextAreaField("Note", render_kw={"rows": 3, "maxlength": MAX_NOTE_LENGTH})
    other = HiddenField()
    return_to = HiddenField()


class ReviewForm(PageForm):
    """A decision about one or several cases; each form on a page has its own element ids."""

    note = TextAreaField("Note", render_kw={"rows": 3, "maxlength": MAX_NOTE_LENGTH})
    look_again_after = SelectField(
        "Review again",
        choices=choices_of(**LOOK_AGAIN_LABELS),
        default=str(REVIEW_AFTER.days),
        validate_choice=False,
    )

    @classmethod
    def about(cls, case_seq: int, typed: Any = None) -> Self:
        """The form about one case, on a page that may have more of them."""
        form = cls(typed)
        for field in form:
            field.id = f"{field.short_name}-{case_seq}"
            field.label.field_id = field.id
        return form


class CheckForm(PageForm):
    """A person to check, by whatever is known about them."""

    email = StringField("E-mail", render_kw=PERSONAL | {"type": "email"})
    country = LongSelectField("Country")
    phone = StringField(
        "Phone number", render_kw={"autocomplete": "off", "type": "tel", "inputmode": "tel"}
    )
    first_name = StringField("First name", render_kw=PERSONAL)
    last_name = StringField("Last name", render_kw=PERSONAL)
    birthday = StringField("Birthday", render_kw=BIRTHDAY)
    reference = StringField("Reference", render_kw=PERSONAL)

    def __init__(self, *args: Any, first_countries: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.options = country_options(first_countries)

    def typed(self) -> dict[str, str]:
        names = ("email", "country", "phone", "first_name", "last_name", "birthday", "reference")
        typed = {name: self.submitted[name] or "" for name in names}
        return typed | {"birthday": clock.as_iso_day(typed["birthday"])}


def note_not_kept(form: LiftForm | ReviewForm) -> str:
    """Give back a note that was typed about a case for nothing; empty if there was none."""
    return f" Your note was not kept: “{form.note.data}”" if form.note.data else ""
