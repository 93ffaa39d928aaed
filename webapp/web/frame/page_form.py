"""What the forms of all pages share: they only render fields; the use cases validate them."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.widgets import html_params

from webapp.kernel.fields import printable
from webapp.kernel.refusals import Refusal

# Names of people must not be sent to a remote spelling service.
PERSONAL = {"autocomplete": "off", "spellcheck": "false"}
BIRTHDAY = PERSONAL | {"placeholder": "1985-12-31", "maxlength": 40}


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
                has_lines = isinstance(field, TextAreaField)
                field.data = printable(field.data, instead="\ufffd", lines=has_lines)

    def show(self, refusal: Refusal) -> None:
        """Attach each problem to its field."""
        for name, problems in refusal.fields.items():
            if name in self:
                self[name].errors = [*self[name].errors, *problems]

    @property
    def problems(self) -> list[tuple[Any, str]]:
        """Each field with each of its problems, in the order of the page."""
        return [(field, problem) for field in self for problem in field.errors]


class Options:
    """The options of a long select, drawn once in a process: only which one is chosen differs.

    Args:
        groups: Values and labels by the label of their group; the group "" has none.
    """

    def __init__(self, groups: Mapping[str, Mapping[str, str]]) -> None:
        self._html = "".join(_group(label, named) for label, named in groups.items())

    def chosen(self, value: str | None) -> Markup:
        option = Markup('<option value="{}"').format(value or "")
        return Markup(self._html.replace(f"{option}>", f"{option} selected>", 1))  # noqa: S704 - ours


def _group(label: str, named: Mapping[str, str]) -> Markup:
    option = Markup('<option value="{}">{}</option>')
    options = Markup("\n").join(option.format(value, name) for value, name in named.items())
    return Markup('<optgroup label="{}">{}</optgroup>').format(label, options) if label else options


class LongSelectField(StringField):  # type: ignore[misc]
    """A select with hundreds of options. WTForms would draw each of them anew for each page, which
    takes milliseconds; the use case checks the value.
    """

    options: Options

    @staticmethod
    def widget(field: "LongSelectField", **attributes: Any) -> Markup:
        named = html_params(id=field.id, name=field.name, **attributes)
        return Markup("<select {}>{}</select>").format(
            Markup(named),  # noqa: S704 - WTForms has escaped it
            field.options.chosen(field.data),
        )


def choices_of(**labels: str) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]
