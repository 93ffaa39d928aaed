"""The forms of entries: adding one, and deciding about it."""

from typing import Any, Self

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from webapp.blacklist.entries.lists import LEVELS, EntryList
from webapp.blacklist.entries.models import BlacklistEntry, Level
from webapp.blacklist.models import REASONS_OFFERED, REVIEW_AFTER
from webapp.kernel.fields import MAX_NOTE_LENGTH
from webapp.web.blacklist.forms import LOOK_AGAIN_LABELS
from webapp.web.customers.forms import country_options
from webapp.web.frame.page_form import BIRTHDAY, PERSONAL, LongSelectField, PageForm, choices_of
from webapp.web.words.formats import input_moment
from webapp.web.words.terms import ENTRY_LEVELS, VALUE_KINDS

NOTE = {"rows": 3, "maxlength": MAX_NOTE_LENGTH}
LIST_LEVELS = {level.value: ENTRY_LEVELS[level.value] for level in LEVELS}


class EntryForm(PageForm):
    """A new entry; it is shown whom it is about before it is added.

    Attributes:
        shown_for: What was typed when that was shown.
    """

    kind = SelectField("What is it?", choices=choices_of(**VALUE_KINDS), validate_choice=False)
    value = StringField("E-mail, domain or phone", render_kw=PERSONAL)
    country = LongSelectField("Country")
    first_name = StringField("First name", render_kw=PERSONAL)
    last_name = StringField("Last name", render_kw=PERSONAL)
    birthday = StringField("Birthday", render_kw=BIRTHDAY)
    level = RadioField(
        "What happens", choices=choices_of(**ENTRY_LEVELS), default=Level.DENY.value,
        validate_choice=False,
    )  # fmt: skip
    reason = RadioField("Reason", choices=choices_of(**REASONS_OFFERED), validate_choice=False)
    note = TextAreaField("Note", render_kw=NOTE)
    evidence = TextAreaField("Evidence", render_kw={"rows": 2, "spellcheck": "false"})
    until = StringField("Ends on", render_kw={"autocomplete": "off", "maxlength": 40})
    shown_for = HiddenField()

    def __init__(self, *args: Any, first_countries: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.options = country_options(first_countries)


class EntryDecisionForm(PageForm):
    """A manager's decision about an entry, or somebody's request to remove it."""

    note = TextAreaField("Note", render_kw=NOTE)
    look_again_after = SelectField(
        "Review again",
        choices=choices_of(**LOOK_AGAIN_LABELS),
        default=str(REVIEW_AFTER.days),
        validate_choice=False,
    )


class EntryListForm(PageForm):
    """A list of entries; the next version begins with what the last one says."""

    name = StringField("Name", render_kw={"autocomplete": "off"})
    source = StringField("Source", render_kw={"autocomplete": "off"})
    dated = StringField("Date", render_kw={"autocomplete": "off", "placeholder": "31.12.2026"})
    level = RadioField(
        "What happens", choices=choices_of(**LIST_LEVELS), default=Level.DENY.value,
        validate_choice=False,
    )  # fmt: skip
    reason = RadioField("Reason", choices=choices_of(**REASONS_OFFERED), validate_choice=False)
    note = TextAreaField("Note", render_kw=NOTE)
    file = StringField("File")

    @classmethod
    def next_of(cls, one: EntryList | None) -> Self:
        """The form of a new list, or of the next version of one."""
        names = ("name", "source", "level", "reason", "note")
        return cls(None, **({name: getattr(one, name) for name in names} if one else {}))


class EntryUntilForm(PageForm):
    """When an entry ends."""

    until = StringField("Ends on", render_kw={"autocomplete": "off", "maxlength": 40})
    note = TextAreaField("Note", id="end-note", render_kw={"rows": 2, "maxlength": MAX_NOTE_LENGTH})

    @classmethod
    def about(cls, entry: BlacklistEntry) -> Self:
        """The form of an entry, with its present end."""
        return cls(None, until=input_moment(entry.until) if entry.until else "")
