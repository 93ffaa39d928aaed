"""One's own second factor: setting up an authenticator,
renewing recovery codes, and removing it.
"""

from flask import request, session, url_for
from flask.typing import ResponseReturnValue

from webapp.http.doors import needs
from webapp.kernel.refusals import Invalid
from webapp.staff import account, second_factor
from webapp.staff.brute_force import TooManyAttempts
from webapp.staff.members import get_member
from webapp.staff.permissions import Permission
from webapp.web.frame.auth import actor, visitor, where_they_were_going
from webapp.web.frame.browser import own_browser, renew
from webapp.web.frame.htmx import flash_success, go_to, refused
from webapp.web.frame.session_cookie import shown_once
from webapp.web.staff import staff
from webapp.web.staff.forms import ProofForm, SecondFactorForm
from webapp.web.staff.pages import (
    RemoveSecondFactor,
    RenewRecoveryCodes,
    SetSecondFactor,
    ShowSecondFactor,
)


@staff.route("/account/second-factor", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def set_second_factor() -> ResponseReturnValue:
    me, form = visitor(), SecondFactorForm()
    if get_member(me.id).totp_secret:
        return _show_second_factor()
    if request.method == "GET":
        return _set_up(form)
    try:
        renewed, codes = account.set_second_factor(
            staff_id=me.id,
            current=form.current_password.data or "",
            sealed=form.sealed.data or "",
            code=form.code.data or "",
            by=actor(),
            browser=own_browser(),
        )
    except (Invalid, TooManyAttempts) as refusal:
        form.show(refusal)
        return refused(_set_up(form), refusal)
    renew(renewed)
    return _show_codes_once(codes)


def _set_up(form: SecondFactorForm) -> SetSecondFactor:
    me = visitor()
    offer = second_factor.offer(me.id, me.email, sealed=form.sealed.data or "")
    form.sealed.data = offer.sealed
    return SetSecondFactor(form=form, offer=offer)


def _show_codes_once(codes: list[str]) -> ResponseReturnValue:
    session["recovery_codes"] = [None, codes]
    return go_to(url_for("staff.set_second_factor"))


def _show_second_factor() -> ShowSecondFactor:
    codes = shown_once("recovery_codes") or []
    return ShowSecondFactor(
        codes=codes,
        left=second_factor.recovery_codes_left(visitor().id),
        going_to=where_they_were_going() if codes else None,
    )


@staff.route("/account/second-factor/codes", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def renew_recovery_codes() -> ResponseReturnValue:
    form = ProofForm()
    if request.method == "GET":
        return RenewRecoveryCodes(form=form)
    try:
        codes = account.renew_recovery_codes(staff_id=visitor().id, **form.proof(), by=actor())
    except (Invalid, TooManyAttempts) as refusal:
        form.show(refusal)
        return refused(RenewRecoveryCodes(form=form), refusal)
    return _show_codes_once(codes)


@staff.route("/account/second-factor/remove", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def remove_second_factor() -> ResponseReturnValue:
    form = ProofForm()
    if request.method == "GET":
        return RemoveSecondFactor(form=form)
    try:
        renewed = account.remove_second_factor(
            staff_id=visitor().id, **form.proof(), by=actor(), browser=own_browser()
        )
    except (Invalid, TooManyAttempts) as refusal:
        form.show(refusal)
        return refused(RemoveSecondFactor(form=form), refusal)
    renew(renewed)
    flash_success("Your second factor is removed. All your other sessions have ended.")
    return go_to(url_for("staff.show_account"))
