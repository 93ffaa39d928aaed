"""Signing in and out."""

import logging

from flask import Response, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webapp.http import needs, status_of
from webapp.pages import pages, sessions, unsaved
from webapp.pages.doorway import limits, own_path
from webapp.pages.forms import SignInForm
from webapp.pages.fragments import flash_notice, go_to, partial, wants_fragment
from webapp.pages.sessions import SignedInSession
from webapp.staff import sign_in as staff_sign_in
from webapp.staff.access import Permission
from webapp.staff.sign_in import TooManyAttempts, WrongCredentials

log = logging.getLogger("gatebook.sign_in")


@pages.route("/sign-in", endpoint="sign_in", methods=["GET", "POST"])
@needs(Permission.ANYONE)
def sign_in_page() -> ResponseReturnValue:
    if request.method == "POST":
        return _sign_in(SignInForm.over_a_page(request.form) if wants_fragment() else SignInForm(request.form))
    going_to = own_path(request.args.get("next", ""))
    if g.visitor:
        return redirect(going_to or url_for("pages.home"), 303)
    form = SignInForm(None, next=going_to)
    return render_template("sign_in/sign_in.html", form=form, refusal=None)


def _sign_in(form: SignInForm) -> ResponseReturnValue:
    address = request.remote_addr or ""
    try:
        staff_id, token = staff_sign_in.sign_in(
            email=form.email.data or "",
            password=form.password.data or "",
            address=address,
            limits=limits(),
            time_zone=form.time_zone.data,
            replacing=session.token if isinstance(session, SignedInSession) else None,
        )
    except (WrongCredentials, TooManyAttempts) as refusal:
        log.warning("sign-in refused", extra={"why": refusal.code, "address": address})
        return _refuse(form, refusal)
    log.info("signed in", extra={"staff_id": staff_id, "address": address})
    return _welcome(form, staff_id, token)


def _refuse(form: SignInForm, refusal: WrongCredentials | TooManyAttempts) -> ResponseReturnValue:
    template = "sign_in/_dialog.html" if wants_fragment() else "sign_in/sign_in.html"
    response = make_response(render_template(template, form=form, refusal=refusal), status_of(refusal))
    if isinstance(refusal, TooManyAttempts):
        response.headers["Retry-After"] = str(refusal.wait)
    return response


def _welcome(form: SignInForm, staff_id: int, token: str) -> ResponseReturnValue:
    """Over an open form of the same person only the tokens are renewed; else on to where they were going."""
    csrf_token = sessions.enter(token)
    owner = unsaved.owner_of(request.form)
    if wants_fragment() and owner == staff_id:
        return partial("#dialog", render_template("sign_in/_welcome_back.html", csrf_token=csrf_token))
    if wants_fragment() and owner is None:
        return Response(headers={"HX-Refresh": "true"})
    restored_at = unsaved.keep(form.carried.data or "", staff_id)
    if restored_at:
        flash_notice("You were signed out while you were typing. Nothing is lost: check the form and save it.")
    return go_to(restored_at or own_path(form.next.data or "") or url_for("pages.home"))


@pages.post("/sign-out")
@needs(Permission.SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    if isinstance(session, SignedInSession):
        staff_sign_in.end_session(session.token)
    sessions.leave()
    return go_to(url_for("pages.sign_in"))
