"""Forms as they stand on pages: fields, labels, what browsers may fill in. The rules are the services', not theirs."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, StringField

from webapp.customers.countries import countries
from webapp.errors import Refusal


class PageForm(FlaskForm):  # type: ignore[misc]
    """A form that can show a refusal of the service it was sent to."""

    def show(self, refusal: Refusal) -> None:
        """Put each problem on its field."""
        for name, problems in refusal.fields.items():
            if name in self:
                self[name].errors = [*self[name].errors, *problems]

    @property
    def problems(self) -> list[tuple[Any, str]]:
        """Every field with each of its problems, in the order of the page."""
        return [(field, problem) for field in self for problem in field.errors]


class SignInForm(PageForm):
    email = StringField("E-mail", render_kw={"autocomplete": "username", "type": "email", "required": True})
    password = PasswordField("Password", render_kw={"autocomplete": "current-password", "required": True})
    next = HiddenField()
    carried = HiddenField()
    time_zone = HiddenField(render_kw={"data-time-zone": True})


class NewPasswordForm(PageForm):
    current_password = PasswordField("Current password", render_kw={"autocomplete": "current-password"})
    new_password = PasswordField("New password", render_kw={"autocomplete": "new-password"})


def country_choices(first: Sequence[str]) -> Mapping[str, list[tuple[str, str]]]:
    """Every country with its dial code, the company's own first."""
    every = [(country.code, f"{country.name} {country.dial_code}") for country in countries().values()]
    ours = [choice for code in first for choice in every if choice[0] == code]
    none = {"": [("", "No country")]}
    return none | {"Often used": ours, "All countries": every} if ours else none | {"All countries": every}


class CustomerForm(PageForm):
    """Adding and editing. `version` is what an edit was typed over; `customer_id` makes a repeated add the same add."""

    first_name = StringField("First name", render_kw={"autocomplete": "off"})
    last_name = StringField("Last name", render_kw={"autocomplete": "off"})
    email = StringField("E-mail", render_kw={"autocomplete": "off", "type": "email"})
    country = SelectField("Country", validate_choice=False)
    phone = StringField("Phone number", render_kw={"autocomplete": "off", "type": "tel", "inputmode": "tel"})
    version = HiddenField()
    customer_id = HiddenField()
    asked = HiddenField()

    def __init__(self, *args: Any, first_countries: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = country_choices(first_countries)

    def typed(self) -> dict[str, Any]:
        """What was submitted, under the names of the rules."""
        return {name: self[name].data or "" for name in ("first_name", "last_name", "email", "phone", "country")}


class PreferencesForm(PageForm):
    theme = RadioField("Theme", choices=[("system", "As the system"), ("light", "Light"), ("dark", "Dark")])
    density = RadioField("Rows", choices=[("comfortable", "Comfortable"), ("compact", "Compact")])
    time_zone = SelectField("Time zone", validate_choice=False)
    single_keys = BooleanField("Single keys are shortcuts, such as / for search")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone]
        self.time_zone.choices = [("", "As the browser says"), ("UTC", "UTC"), *zones]
