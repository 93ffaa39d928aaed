"""What the forms of all pages share: they only render fields; the use cases validate them."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms.fields import SelectChoice

from webapp.kernel.fields import printable
from webapp.kernel.refusals import Refusal

# Names of people must not be sent to a remote spelling service.
PERSONAL = {"autocomplete": "off", "spellcheck": "false"}


class PageForm(FlaskForm):  # type: ignore[misc]
    """A form that can show a refusal of the use case it was sent to.

    The use case gets the values exactly as they were submitted (`submitted`); when they are shown
    again, a mark replaces the characters that no page may contain.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submitted = {field.short_name: field.data for field in self}
        for field in self:
            if isinstance(field.data, str):
                field.data = printable(field.data, instead="\ufffd")

    def show(self, refusal: Refusal) -> None:
        """Attach each problem to its field."""
        for name, problems in refusal.fields.items():
            if name in self:
                self[name].errors = [*self[name].errors, *problems]

    @property
    def problems(self) -> list[tuple[Any, str]]:
        """Each field with each of its problems, in the order of the page."""
        return [(field, problem) for field in self for problem in field.errors]


def choices_of(**labels: str) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]
