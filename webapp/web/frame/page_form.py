"""What the forms of all pages have in common: they draw what services validate, by its rules."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms.fields import SelectChoice

from webapp.kernel.fields import printable
from webapp.kernel.refusals import Refusal

# What people are called is nothing for a spelling service elsewhere.
PERSONAL = {"autocomplete": "off", "spellcheck": "false"}


class PageForm(FlaskForm):  # type: ignore[misc]
    """A form that can show a refusal of the service it was sent to.

    What was submitted goes to the rules as it came (`submitted`); what is shown again has a mark in
    the place of characters that no page may hold.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submitted = {field.short_name: field.data for field in self}
        for field in self:
            if isinstance(field.data, str):
                field.data = printable(field.data, instead="\ufffd")

    def show(self, refusal: Refusal) -> None:
        """Put each problem on its field."""
        for name, problems in refusal.fields.items():
            if name in self:
                self[name].errors = [*self[name].errors, *problems]

    @property
    def problems(self) -> list[tuple[Any, str]]:
        """Every field with each of its problems, in the order of the page."""
        return [(field, problem) for field in self for problem in field.errors]


def choices_of(**labels: str) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]
