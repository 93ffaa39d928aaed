"""The forms of API keys and webhooks."""

from collections.abc import Sequence

from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.kernel.fields import MAX_NAME_LENGTH
from webapp.programs.webhooks.addresses import MAX_URL_LENGTH
from webapp.programs.webhooks.endpoints import MAX_DESCRIPTION_LENGTH
from webapp.staff.models import StaffMember
from webapp.staff.permissions import Scope
from webapp.web.frame.page_form import PERSONAL, PageForm, choices_of
from webapp.web.words.terms import CHANGE_NAMES

SCOPE_LABELS = {
    Scope.READ.value: "Read: look customers up and list them",
    Scope.WRITE.value: "Write: add, change and delete them",
    Scope.BLACKLIST.value: "Blacklist: set and clear the flag",
    Scope.CHECK.value: "Check: ask whether a person may proceed",
    Scope.IMPORT.value: "Import: bring customers in from a file",
    Scope.EXPORT.value: "Export: take all customers along as a file",
    Scope.CASES.value: "Notes: read what was written about a blacklisting",
    Scope.WEBHOOKS.value: "Webhooks: say where changes are sent",
}
DAY = {"placeholder": "YYYY-MM-DD", "size": 10, "maxlength": 20, "autocomplete": "off"}
ADDRESS = PERSONAL | {"maxlength": MAX_URL_LENGTH, "placeholder": "https://"}
CALLS = {"inputmode": "numeric", "size": 10, "maxlength": 20, "autocomplete": "off"}


class KeyForm(PageForm):
    name = StringField("Name", render_kw=PERSONAL | {"maxlength": MAX_NAME_LENGTH})
    scopes = SelectMultipleField(
        "What it may do",
        choices=choices_of(**SCOPE_LABELS),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    calls_per_minute = StringField("Calls a minute", render_kw=CALLS)
    expires_on = StringField("Expires on", render_kw=DAY)


class EditKeyForm(PageForm):
    owner = SelectField("Owner", choices=[], validate_choice=False)
    calls_per_minute = StringField("Calls a minute", render_kw=CALLS)

    def offer(self, everybody: Sequence[StaffMember], *, now: int | None) -> None:
        """Offer those who can answer for a key, and who does now."""
        names = {str(one.id): one.name for one in everybody if one.active or one.id == now}
        nobody = [] if now else [SelectChoice("", "Nobody")]
        self.owner.choices = [*nobody, *choices_of(**names)]


class RollKeyForm(PageForm):
    hours = SelectField(
        "The old secret ends",
        choices=choices_of(**{"0": "At once", "24": "In a day", "168": "In a week"}),
        validate_choice=False,
    )


class WebhookForm(PageForm):
    url = StringField("Address", render_kw=ADDRESS)
    description = StringField("What it is for", render_kw={"maxlength": MAX_DESCRIPTION_LENGTH})
    kinds = SelectMultipleField(
        "What it is told",
        choices=choices_of(**CHANGE_NAMES),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class SinceForm(PageForm):
    since = StringField("Since", render_kw=DAY | {"placeholder": "YYYY-MM-DD HH:MM", "size": 16})
