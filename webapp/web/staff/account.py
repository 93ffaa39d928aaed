"""One's own account: name, sessions, password and preferences."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.http.doors import needs
from webapp.kernel.refusals import Invalid
from webapp.staff import account, second_factor
from webapp.staff import sessions as staff_sessions
from webapp.staff.brute_force import TooManyAttempts
from webapp.staff.members import get_member
from webapp.staff.models import StaffSession
from webapp.staff.permissions import Permission
from webapp.web.frame import session_cookie
from webapp.web.frame.auth import actor, limits, visitor, where_they_were_going
from webapp.web.frame.browser import own_browser, renew
from webapp.web.frame.htmx import flash_success, go_to, refused
from webapp.web.staff import staff
from webapp.web.staff.forms import NameForm, NewPasswordForm, PreferencesForm
from webapp.web.staff.pages import ChangePassword, ChangePreferences, SessionView, ShowAccount
from webapp.web.words.formats import counted


@staff.get("/account")
@needs(Permission.SIGNED_IN)
def show_account() -> ResponseReturnValue:
    return _account(NameForm(None, name=visitor().name))


@staff.post("/account")
@needs(Permission.SIGNED_IN)
def change_name() -> ResponseReturnValue:
    form = NameForm(request.form)
    try:
        account.change_name(staff_id=visitor().id, name=form.submitted["name"] or "", by=actor())
    except Invalid as refusal:
        form.show(refusal)
        return refused(_account(form), refusal)
    flash_success("Your name is saved.")
    return go_to(url_for("staff.show_account"))


def _account(form: NameForm) -> ShowAccount:
    me = get_member(visitor().id)
    return ShowAccount(
        form=form,
        member=me,
        sessions=[_shown(other) for other in staff_sessions.sessions_of(me.id, limits())],
        codes_left=second_factor.recovery_codes_left(me.id),
    )


def _shown(session: StaffSession) -> SessionView:
    is_present = staff_sessions.is_of(session, session_cookie.token())
    return SessionView(session, staff_sessions.public_name(session), is_present)


@staff.get("/account/session")
@needs(Permission.SIGNED_IN)
def session_state() -> ResponseReturnValue:
    """Whether the session is still valid, for a page that the browser restores from its cache."""
    return "", 204


@staff.post("/account/sessions/end")
@needs(Permission.SIGNED_IN)
def end_session() -> ResponseReturnValue:
    staff_sessions.end_one_of(visitor().id, name=request.form.get("session", ""))
    flash_success("That browser is signed out.")
    return go_to(url_for("staff.show_account"))


@staff.post("/account/sessions/end-others")
@needs(Permission.SIGNED_IN)
def sign_out_elsewhere() -> ResponseReturnValue:
    ended = staff_sessions.sign_out_elsewhere(visitor().id, token=session_cookie.token())
    flash_success(f"{counted(ended, 'other browser is', 'other browsers are')} signed out.")
    return go_to(url_for("staff.show_account"))


@staff.route("/account/password", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    form, me = NewPasswordForm(), visitor()
    if request.method == "GET":
        return ChangePassword(form=form)
    try:
        renewed = account.change_password(
            staff_id=me.id,
            current=form.current_password.data or "",
            new=form.new_password.data or "",
            by=actor(),
            browser=own_browser(),
        )
    except (Invalid, TooManyAttempts) as refusal:
        form.show(refusal)
        return refused(ChangePassword(form=form), refusal)
    renew(renewed)
    flash_success("Your password is changed. All your other sessions have ended.")
    return go_to(where_they_were_going())


@staff.route("/account/preferences", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def change_preferences() -> ResponseReturnValue:
    me = visitor()
    names = ("theme", "density", "single_keys", "wants_digest")
    chosen = {name: getattr(me, name) for name in names}
    form = PreferencesForm(data=chosen | {"time_zone": me.chosen_time_zone or ""})
    if request.method == "GET":
        return ChangePreferences(form=form)
    try:
        account.change_preferences(
            staff_id=me.id,
            theme=form.theme.data or "",
            density=form.density.data or "",
            time_zone=form.time_zone.data or "",
            single_keys=bool(form.single_keys.data),
            wants_digest=bool(form.wants_digest.data),
        )
    except Invalid as refusal:
        form.show(refusal)
        return refused(ChangePreferences(form=form), refusal)
    flash_success("Your preferences are saved.")
    return go_to(url_for("staff.change_preferences"))
