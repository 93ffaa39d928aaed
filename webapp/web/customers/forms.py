"""The form of a customer."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import HiddenField, SelectField, StringField
from wtforms.fields import SelectChoice

from webapp.customers.countries import countries
from webapp.web.frame.page_form import PERSONAL, PageForm


def country_choices(first: Sequence[str]) -> list[SelectChoice]:
    """Every country with its dial code, the company's own first."""

    def choices(codes: Iterable[str], group: str) -> list[SelectChoice]:
        named = [countries()[code] for code in codes]
        return [SelectChoice(c.code, f"{c.name} {c.dial_code}", optgroup=group) for c in named]

    ours = [code for code in first if code in countries()]
    others = [code for code in countries() if code not in ours]
    return [
        SelectChoice("", "No country"),
        *choices(ours, "Often used"),
        *choices(others, "All countries"),
    ]


class CustomerForm(PageForm):
    """Adding and editing. An edit is based on `version`;
    `customer_id` makes adding idempotent.
    """

    TYPED = ("first_name", "last_name", "email", "phone", "country")

    first_name = StringField("First name", render_kw=PERSONAL)
    last_name = StringField("Last name", render_kw=PERSONAL)
    email = StringField("E-mail", render_kw=PERSONAL | {"type": "email"})
    country = SelectField("Country", validate_choice=False)
    phone = StringField(
        "Phone number", render_kw={"autocomplete": "off", "type": "tel", "inputmode": "tel"}
    )
    version = HiddenField()
    customer_id = HiddenField()
    country_shown = HiddenField()
    asked = HiddenField()

    def __init__(self, *args: Any, first_countries: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = country_choices(first_countries)

    def typed(self) -> dict[str, Any]:
        """What was submitted, under the names that the rules use."""
        return {name: self.submitted[name] or "" for name in self.TYPED}
