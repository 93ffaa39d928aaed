"""One's own account: choosing a password, and how Gatebook looks and listens."""

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webapp.errors import Invalid
from webapp.http import needs, status_of
from webapp.pages import pages, sessions
from webapp.pages.doorway import actor, own_path, visitor
from webapp.pages.forms import NewPasswordForm, PreferencesForm
from webapp.pages.fragments import flash_success, go_to
from webapp.staff import members
from webapp.staff.access import Permission
from webapp.staff.sign_in import TooManyAttempts


@pages.get("/account/session")
@needs(Permission.SIGNED_IN)
def session_state() -> ResponseReturnValue:
    """Whether the session is still good, for a page that the browser kept and shows again."""
    return "", 204


@pages.route("/account/password", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    form, me = NewPasswordForm(), visitor()
    if request.method == "GET":
        return render_template("account/password.html", form=form)
    try:
        token = members.change_password(
            staff_id=me.id,
            current=form.current_password.data or "",
            new=form.new_password.data or "",
            by=actor(),
            time_zone=me.session_time_zone,
        )
    except (Invalid, TooManyAttempts) as refusal:
        form.show(refusal)
        return render_template("account/password.html", form=form), status_of(refusal)
    sessions.enter(token, same_person=True)
    flash_success("Your password is changed. All your other sessions have ended.")
    was_going = session.get("unsaved", {}).get("path") or own_path(session.pop("next", ""))
    return go_to(was_going or url_for("pages.home"))


@pages.route("/account/preferences", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def change_preferences() -> ResponseReturnValue:
    me = visitor()
    chosen = {"theme": me.theme, "density": me.density, "single_keys": me.single_keys}
    form = PreferencesForm(data=chosen | {"time_zone": me.chosen_time_zone or ""})
    if request.method == "GET":
        return render_template("account/preferences.html", form=form)
    try:
        members.change_preferences(
            staff_id=me.id,
            theme=form.theme.data or "",
            density=form.density.data or "",
            time_zone=form.time_zone.data or "",
            single_keys=bool(form.single_keys.data),
        )
    except Invalid as refusal:
        form.show(refusal)
        return render_template("account/preferences.html", form=form), status_of(refusal)
    flash_success("Your preferences are saved.")
    return go_to(url_for("pages.change_preferences"))
