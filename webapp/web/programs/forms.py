"""The forms of API keys and webhooks."""

from wtforms import SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.kernel.fields import MAX_NAME_LENGTH
from webapp.programs.webhooks.addresses import MAX_URL_LENGTH
from webapp.programs.webhooks.endpoints import MAX_DESCRIPTION_LENGTH
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
    Scope.WEBHOOKS.value: "Webhooks: say where changes are sent",
}
DAY = {"placeholder": "YYYY-MM-DD", "size": 10, "maxlength": 20, "autocomplete": "off"}
ADDRESS = PERSONAL | {"maxlength": MAX_URL_LENGTH, "placeholder": "https://"}


class KeyForm(PageForm):
    name = StringField("Name", render_kw=PERSONAL | {"maxlength": MAX_NAME_LENGTH})
    scopes = SelectMultipleField(
        "What it may do",
        choices=choices_of(**SCOPE_LABELS),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    expires_on = StringField("Expires on", render_kw=DAY)


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
