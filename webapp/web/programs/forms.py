"""The form of an API key."""

from wtforms import SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.kernel.fields import MAX_NAME_LENGTH
from webapp.staff.permissions import Scope
from webapp.web.frame.page_form import PERSONAL, PageForm, choices_of

SCOPE_LABELS = {
    Scope.READ.value: "Read: look customers up and list them",
    Scope.WRITE.value: "Write: add, change and delete them",
    Scope.BLACKLIST.value: "Blacklist: set and clear the flag",
    Scope.CHECK.value: "Check: ask whether a person may proceed",
    Scope.IMPORT.value: "Import: bring customers in from a file",
    Scope.EXPORT.value: "Export: take all customers along as a file",
}
DAY = {"placeholder": "YYYY-MM-DD", "size": 10, "maxlength": 20, "autocomplete": "off"}


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
