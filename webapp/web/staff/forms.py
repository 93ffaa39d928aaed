"""The forms of staff and of signing in: fields, labels, what browsers may fill in."""

from functools import cache
from typing import Any, Self

from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, StringField

from webapp.kernel import clock
from webapp.kernel.fields import MAX_NAME_LENGTH
from webapp.staff.permissions import Role
from webapp.web.frame.page_form import PERSONAL, LongSelectField, Options, PageForm, choices_of

ROLE_LABELS = {
    Role.VIEWER.value: "Viewer: sees customers",
    Role.AGENT.value: "Agent: also adds, edits and blacklists customers",
    Role.MANAGER.value: "Manager: also reviews and removes blacklistings, and deletes customers",
    Role.ADMIN.value: "Admin: also looks after staff",
}


class SignInStep(PageForm):
    """What both steps of signing in carry along:
    where to go afterwards, a draft, the browser's time zone.
    """

    next = HiddenField()
    carried = HiddenField()
    time_zone = HiddenField(render_kw={"data-time-zone": True})

    @classmethod
    def over_a_page(cls, typed: Any, **start: Any) -> Self:
        """The form for a dialog, with element ids of its own,
        because the page under it may have fields of the same names.
        """
        form = cls(typed, **start)
        for field in form:
            field.id = f"again-{field.short_name}"
            field.label.field_id = field.id
        return form


class SignInForm(SignInStep):
    email = StringField(
        "E-mail", render_kw={"autocomplete": "username", "type": "email", "required": True}
    )
    password = PasswordField(
        "Password", render_kw={"autocomplete": "current-password", "required": True}
    )


def code_field(label: str) -> StringField:
    attributes = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
    return StringField(label, render_kw=attributes)


class CodeForm(SignInStep):
    code = code_field("Code")
    pending = HiddenField()


def current_password_field() -> PasswordField:
    return PasswordField("Current password", render_kw={"autocomplete": "current-password"})


class ProofForm(PageForm):
    """Proof of identity: the password, and a code."""

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


class NameForm(PageForm):
    name = StringField(
        "Name", render_kw=PERSONAL | {"autocomplete": "name", "maxlength": MAX_NAME_LENGTH}
    )


class RoleForm(PageForm):
    role = SelectField("Role", choices=choices_of(**ROLE_LABELS), validate_choice=False)


class NewMemberForm(RoleForm):
    name = StringField("Name", render_kw=PERSONAL | {"maxlength": MAX_NAME_LENGTH})
    email = StringField("E-mail", render_kw=PERSONAL | {"type": "email"})

    def typed(self) -> dict[str, str]:
        return {name: self.submitted[name] or "" for name in ("email", "name", "role")}


class PreferencesForm(PageForm):
    theme = RadioField(
        "Theme", choices=choices_of(system="Same as my computer", light="Light", dark="Dark")
    )
    density = RadioField("Rows", choices=choices_of(comfortable="Comfortable", compact="Compact"))
    time_zone = LongSelectField("Time zone")
    wants_digest = BooleanField("Send me a daily e-mail when something waits for me")
    single_keys = BooleanField("Single keys are shortcuts, such as / for search")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.time_zone.options = _zone_options()


@cache
def _zone_options() -> Options:
    zones = sorted(zone for zone in clock.time_zones() if "/" in zone)
    named = {zone: zone.replace("_", " ") for zone in ("UTC", *zones)}
    return Options({"": {"": "Same as my browser"} | named})
