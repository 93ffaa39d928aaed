"""Signing in, in one or two steps, and signing out."""

import logging

from flask import Response, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from webapp.history.eyes import told_to
from webapp.http.doors import needs
from webapp.kernel.refusals import Refusal
from webapp.staff import sessions as staff_sessions
from webapp.staff import sign_in as staff_sign_in
from webapp.staff.brute_force import TooManyAttempts
from webapp.staff.permissions import Permission
from webapp.staff.sign_in import CodeNeeded, SignedIn, SignInExpired, WrongCode, WrongCredentials
from webapp.web.frame import drafts, session_cookie
from webapp.web.frame.browser import login_context, remember_device
from webapp.web.frame.htmx import (
    flash_notice,
    go_to,
    partial,
    refused,
    wants_fragment,
    whole_or_part,
)
from webapp.web.frame.redirects import own_path
from webapp.web.frame.session_cookie import SignedInSession
from webapp.web.staff import staff
from webapp.web.staff.forms import CodeForm, SignInForm
from webapp.web.staff.pages import EnterCode, SignIn, WelcomeBack
from webapp.web.words.formats import full_moment

log = logging.getLogger("gatebook.sign_in")

RESET_FACTOR = "removed the second factor of your account"


@staff.route("/sign-in", endpoint="sign_in", methods=["GET", "POST"])
@needs(Permission.ANYONE)
def sign_in_page() -> ResponseReturnValue:
    if request.method == "POST":
        return _check_password(_form(SignInForm))
    going_to = own_path(request.args.get("next", ""))
    if g.visitor and "again" not in request.args:
        return redirect(going_to or url_for("home.show_home"), 303)
    return _shown(SignInForm(None, next=going_to))


@staff.post("/sign-in/code")
@needs(Permission.ANYONE)
def confirm_sign_in() -> ResponseReturnValue:
    """The second step, for members with a second factor."""
    form = _form(CodeForm)
    try:
        done = staff_sign_in.confirm(
            pending=form.pending.data or "",
            code=form.code.data or "",
            context=login_context(form.time_zone.data),
        )
    except (WrongCode, TooManyAttempts) as refusal:
        return _refuse(form, refusal)
    except (SignInExpired, WrongCredentials) as refusal:
        return _refuse(_carried_on(SignInForm, form), refusal)
    return _welcome(form, done)


def _form(kind: type[SignInForm] | type[CodeForm]) -> SignInForm | CodeForm:
    return kind.over_a_page(request.form) if wants_fragment() else kind(request.form)


def _carried_on(
    kind: type[SignInForm] | type[CodeForm], form: SignInForm | CodeForm
) -> SignInForm | CodeForm:
    """The form of the other step, with what both steps carry along."""
    both = {"next": form.next.data, "carried": form.carried.data, "time_zone": form.time_zone.data}
    return kind.over_a_page(None, data=both) if wants_fragment() else kind(None, data=both)


def _check_password(form: SignInForm) -> ResponseReturnValue:
    try:
        done = staff_sign_in.sign_in(
            email=form.email.data or "",
            password=form.password.data or "",
            context=login_context(form.time_zone.data),
        )
    except (WrongCredentials, TooManyAttempts) as refusal:
        return _refuse(form, refusal)
    if isinstance(done, CodeNeeded):
        log.info(
            "password right, code needed",
            extra={"staff_id": done.staff_id, "address": request.remote_addr},
        )
        next_step = _carried_on(CodeForm, form)
        next_step.pending.data = done.pending
        return _shown(next_step)
    return _welcome(form, done)


def _shown(form: SignInForm | CodeForm, refusal: Refusal | None = None) -> SignIn | EnterCode:
    made_for = request.form.get(drafts.OWNER_FIELD, "")
    if isinstance(form, CodeForm):
        return whole_or_part(EnterCode(form=form, refusal=refusal, made_for=made_for))
    return whole_or_part(SignIn(form=form, refusal=refusal, made_for=made_for))


def _refuse(form: SignInForm | CodeForm, refusal: Refusal) -> ResponseReturnValue:
    staff_id = getattr(refusal, "staff_id", None)
    log.warning(
        "sign-in refused",
        extra={"why": refusal.code, "staff_id": staff_id, "address": request.remote_addr},
    )
    return refused(_shown(form, refusal), refusal)


def _welcome(form: SignInForm | CodeForm, done: SignedIn) -> ResponseReturnValue:
    """Renew only the tokens if the same person signs in over an open form;
    otherwise go on to where they were going.
    """
    log.info("signed in", extra={"staff_id": done.staff_id, "address": request.remote_addr})
    csrf_token, owner = session_cookie.enter(done.token), drafts.owner_of(request.form)
    remember_device(done.device_cookie)
    if wants_fragment() and owner == done.staff_id:
        return partial("#again", WelcomeBack(token=csrf_token).html())
    if wants_fragment() and owner is None:
        return Response(headers={"HX-Refresh": "true"})
    _flash_resets(done.staff_id)
    restored_at = drafts.keep(form.carried.data or "", done.staff_id)
    if restored_at:
        flash_notice(
            "You were signed out while you were typing. "
            "Nothing is lost: check the form and save it."
        )
    return go_to(restored_at or own_path(form.next.data or "") or url_for("home.show_home"))


def _flash_resets(staff_id: int) -> None:
    """Report at each sign-in for a month what others did
    to the member's credentials, in case they did not ask for it.
    """
    for tie in told_to(staff_id):
        what = (
            "gave out a one-time password for your account"
            if tie.kind == "password_reset"
            else RESET_FACTOR
        )
        when = f"{full_moment(tie.at)} UTC"
        flash_notice(
            f"{tie.by_name} {what} on {when}. If you did not ask for it, tell another admin."
        )


@staff.post("/sign-out")
@needs(Permission.SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    if isinstance(session, SignedInSession):
        staff_sessions.end_session(session.token)
    session_cookie.leave()
    return go_to(url_for("staff.sign_in"))
