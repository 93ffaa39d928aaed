"""Forms as they stand on pages: fields, labels, what browsers may fill in. The rules are the
services', not theirs.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Self
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.blacklist.models import MAX_NOTE_LENGTH, REASONS_OFFERED, REVIEW_AFTER
from webapp.blacklist.review import LOOK_AGAIN_AFTER
from webapp.customers.countries import countries
from webapp.kernel.fields import MAX_NAME_LENGTH, printable
from webapp.kernel.refusals import Refusal
from webapp.staff.permissions import Role, Scope

ROLES_TOLD = {
    Role.VIEWER.value: "Viewer: sees customers",
    Role.AGENT.value: "Agent: also adds, edits and blacklists them",
    Role.MANAGER.value: "Manager: also reviews and lifts blacklistings, and deletes customers",
    Role.ADMIN.value: "Admin: also looks after staff",
}


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


class ArrivalForm(PageForm):
    """What both steps of signing in bring along: where to go then, a form on its way, the browser's
    zone.
    """

    next = HiddenField()
    carried = HiddenField()
    time_zone = HiddenField(render_kw={"data-time-zone": True})

    @classmethod
    def over_a_page(cls, typed: Any, **start: Any) -> Self:
        """The form for a dialog over a page that may have fields of the same names: with ids of its
        own.
        """
        form = cls(typed, **start)
        for field in form:
            field.id = f"again-{field.short_name}"
            field.label.field_id = field.id
        return form


class SignInForm(ArrivalForm):
    email = StringField(
        "E-mail", render_kw={"autocomplete": "username", "type": "email", "required": True}
    )
    password = PasswordField(
        "Password", render_kw={"autocomplete": "current-password", "required": True}
    )


def code_field(label: str) -> StringField:
    told = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
    return StringField(label, render_kw=told)


class CodeForm(ArrivalForm):
    code = code_field("Code")
    pending = HiddenField()


def current_password_field() -> PasswordField:
    return PasswordField("Current password", render_kw={"autocomplete": "current-password"})


class ProofForm(PageForm):
    """It is really them: the password, and a code."""

    current_password = current_password_field()
    code = code_field("Code of the app, or a recovery code")

    def proof(self) -> dict[str, str]:
        return {"current": self.current_password.data or "", "code": self.code.data or ""}


class SecondFactorForm(PageForm):
    code = code_field("Code that the app shows now")
    current_password = current_password_field()
    sealed = HiddenField()


class NewPasswordForm(PageForm):
    current_password = current_password_field()
    new_password = PasswordField("New password", render_kw={"autocomplete": "new-password"})


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
    """Adding and editing. `version` is what an edit was typed over; `customer_id` makes a repeated
    add the same add.
    """

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
        """What was submitted, under the names of the rules."""
        return {
            name: self.submitted[name] or ""
            for name in ("first_name", "last_name", "email", "phone", "country")
        }


def choices_of(**labels: str) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


class NameForm(PageForm):
    name = StringField(
        "Name", render_kw=PERSONAL | {"autocomplete": "name", "maxlength": MAX_NAME_LENGTH}
    )


class RoleForm(PageForm):
    role = SelectField("Role", choices=choices_of(**ROLES_TOLD), validate_choice=False)


class NewMemberForm(RoleForm):
    name = StringField("Name", render_kw=PERSONAL | {"maxlength": MAX_NAME_LENGTH})
    email = StringField("E-mail", render_kw=PERSONAL | {"type": "email"})

    def typed(self) -> dict[str, str]:
        return {name: self.submitted[name] or "" for name in ("email", "name", "role")}


SCOPES_TOLD = {
    Scope.READ.value: "Read: look customers up and list them",
    Scope.WRITE.value: "Write: add, change and delete them",
    Scope.BLACKLIST.value: "Blacklist: set and clear the flag",
    Scope.CHECK.value: "Check: ask whether a person may proceed",
}


class KeyForm(PageForm):
    name = StringField("Name", render_kw=PERSONAL | {"maxlength": MAX_NAME_LENGTH})
    scopes = SelectMultipleField(
        "What it may do",
        choices=choices_of(**SCOPES_TOLD),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    expires_on = StringField("Expires on", render_kw={"type": "date", "max": "9999-12-31"})


LOOK_AGAIN_TOLD = {str(days): f"in {days} days" for days in LOOK_AGAIN_AFTER}


class LiftForm(PageForm):
    note = TextAreaField("Note", render_kw={"rows": 3, "maxlength": MAX_NOTE_LENGTH})
    place = HiddenField()
    case = HiddenField()


class BlacklistingForm(LiftForm):
    evidence = TextAreaField("Evidence", render_kw={"rows": 2, "spellcheck": "false"})
    reason = RadioField("Reason", choices=choices_of(**REASONS_OFFERED), validate_choice=False)


class ReviewForm(PageForm):
    """A decision about one case, or about several; each form on a page has ids of its own."""

    note = TextAreaField("Note", render_kw={"rows": 3, "maxlength": MAX_NOTE_LENGTH})
    look_again_after = SelectField(
        "Look again",
        choices=choices_of(**LOOK_AGAIN_TOLD),
        default=str(REVIEW_AFTER.days),
        validate_choice=False,
    )

    @classmethod
    def about(cls, case_seq: int, typed: Any = None) -> Self:
        """The form about one case, beside which others may stand."""
        form = cls(typed)
        for field in form:
            field.id = f"{field.short_name}-{case_seq}"
            field.label.field_id = field.id
        return form


class CheckForm(PageForm):
    """Whoever is to be checked, by whatever is known of them."""

    email = StringField("E-mail", render_kw=PERSONAL | {"type": "email"})
    country = SelectField("Country", validate_choice=False)
    phone = StringField(
        "Phone number", render_kw={"autocomplete": "off", "type": "tel", "inputmode": "tel"}
    )
    first_name = StringField("First name", render_kw=PERSONAL)
    last_name = StringField("Last name", render_kw=PERSONAL)
    reference = StringField("Reference", render_kw=PERSONAL)

    def __init__(self, *args: Any, first_countries: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = country_choices(first_countries)

    def typed(self) -> dict[str, str]:
        names = ("email", "country", "phone", "first_name", "last_name", "reference")
        return {name: self.submitted[name] or "" for name in names}


class PreferencesForm(PageForm):
    theme = RadioField(
        "Theme", choices=choices_of(system="As the system", light="Light", dark="Dark")
    )
    density = RadioField("Rows", choices=choices_of(comfortable="Comfortable", compact="Compact"))
    time_zone = SelectField("Time zone", validate_choice=False)
    single_keys = BooleanField("Single keys are shortcuts, such as / for search")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if "/" in zone)
        named = [SelectChoice(zone, zone.replace("_", " ")) for zone in ["UTC", *zones]]
        self.time_zone.choices = [SelectChoice("", "As the browser says"), *named]
