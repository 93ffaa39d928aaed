"""The form of a deed for many customers."""

from wtforms import RadioField, TextAreaField

from webapp.blacklist.models import REASONS_OFFERED
from webapp.kernel.fields import MAX_NOTE_LENGTH
from webapp.web.frame.page_form import PageForm, choices_of


class DeedForm(PageForm):
    reason = RadioField("Reason", choices=choices_of(**REASONS_OFFERED), validate_choice=False)
    note = TextAreaField("Note for all", render_kw={"rows": 3, "maxlength": MAX_NOTE_LENGTH})
