"""Authentication of pages: finds the visitor of each request and checks what the route needs."""

import logging
from copy import deepcopy
from datetime import timedelta

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.exceptions import BadRequest

from webapp.history.entries import Actor
from webapp.http.doors import (
    SAFE_METHODS,
    is_for_programs,
    needed_permission,
    needs_fresh_sign_in,
    request_id,
)
from webapp.http.uploads import allow_a_file
from webapp.kernel import clock
from webapp.settings import Settings
from webapp.staff import sessions as staff_sessions
from webapp.staff.permissions import Permission, may
from webapp.staff.sessions import CurrentStaff, SessionLimits
from webapp.staff.sign_in import SignInOutdated
from webapp.web.frame import drafts
from webapp.web.frame.drafts import OWNER_FIELD
from webapp.web.frame.errors import answer_http_error
from webapp.web.frame.htmx import (
    dialog_again,
    flash_notice,
    go_to,
    vary_by_request_type,
    wants_fragment,
)
from webapp.web.frame.redirects import came_from, own_path
from webapp.web.frame.session_cookie import SignedInSession
from webapp.web.staff.forms import SignInForm
from webapp.web.staff.pages import SignIn, WelcomeBack

# Blueprints for monitoring and static files, which look nobody up.
WITHOUT_VISITORS = {"health", "assets"}
ALLOWED_AT_ANY_TIME = {"staff.change_password", "staff.sign_out"}
# Actions that cannot be undone, or that grant access, need a sign-in no older than this.
FRESH_FOR = timedelta(minutes=15)
# Endpoints that do not discard a draft: they interrupt a form, or are called in the background.
NOT_LEAVING = {"staff.change_password", "staff.set_second_factor", "staff.session_state"}

csrf = CSRFProtect()
log = logging.getLogger("gatebook.auth")


def init_auth(app: Flask, settings: Settings) -> None:
    app.extensions["session_limits"] = session_limits(settings)
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.before_request(authenticate)
    app.after_request(vary_by_request_type)
    csrf.init_app(app)
    app.register_error_handler(CSRFError, answer_forgery)


def session_limits(settings: Settings) -> SessionLimits:
    return SessionLimits(
        idle=timedelta(minutes=settings.session_idle_minutes),
        absolute=timedelta(hours=settings.session_hours),
    )


def limits() -> SessionLimits:
    present: SessionLimits = current_app.extensions["session_limits"]
    return present


def authenticate() -> ResponseReturnValue | None:
    """Let the request through, or answer it here: sign in
    first, choose a password or set a second factor first, or 403.
    """
    g.visitor = None
    is_bare = request.blueprint in WITHOUT_VISITORS or request.endpoint == "static"
    if is_bare or is_for_programs(request.path):
        return None
    g.visitor = _find_visitor()
    if request.endpoint is None:
        return None
    permission = needed_permission(current_app, request.endpoint)
    if permission is Permission.ANYONE:
        return None
    if g.visitor is None:
        return ask_to_sign_in()
    first = _must_do_first(g.visitor)
    if first and request.endpoint not in {first, *ALLOWED_AT_ANY_TIME}:
        return _send_to_do(first)
    if request.method == "GET" and not wants_fragment() and request.endpoint not in NOT_LEAVING:
        drafts.forget_if_left()
    if not may(g.visitor.role, permission):
        abort(
            403,
            f"You may not {permission.value}. Your role is {g.visitor.role}; ask an admin "
            "if you need more.",
        )
    if needs_fresh_sign_in(current_app, request.endpoint) and not is_fresh():
        return ask_to_sign_in(is_again=True)
    allow_a_file()
    return None


def is_fresh() -> bool:
    """Whether the visitor signed in within the last 15 minutes."""
    return bool(clock.now() - visitor().began_at <= FRESH_FOR)


def _must_do_first(visitor: CurrentStaff) -> str | None:
    """The endpoint that the visitor must complete before any other."""
    if visitor.must_change_password:
        return "staff.change_password"
    return "staff.set_second_factor" if visitor.lacks_second_factor else None


def _send_to_do(endpoint: str) -> ResponseReturnValue:
    if request.method == "GET" and not wants_fragment():
        session["next"] = request.full_path.rstrip("?")
    if drafts.owner_of(request.form) == visitor().id:
        drafts.keep_submitted()
    return go_to(url_for(endpoint))


def where_they_were_going() -> str:
    """The page of the visitor's draft, if there is one,
    else the page they asked for before they had to do something first.
    """
    draft = session.get("unsaved", {}).get("path")
    return draft or own_path(session.pop("next", "")) or url_for("home.show_home")


def _find_visitor() -> CurrentStaff | None:
    if not isinstance(session, SignedInSession):
        return None
    visitor = staff_sessions.find_visitor(session.token, limits())
    if visitor:
        session.update(deepcopy(visitor.carried) | session)
        staff_sessions.note_seen(session.token, visitor, limits())
    return visitor


def ask_to_sign_in(*, is_again: bool = False) -> ResponseReturnValue:
    """Ask to sign in without losing what was typed: a partial request
    gets a dialog over the page, and a form is carried along, encrypted.

    Args:
        is_again: They signed in too long ago for this route and must prove again who they are.
    """
    if wants_fragment():
        over = SignIn(form=SignInForm.over_a_page(None), made_for=request.form.get(OWNER_FIELD, ""))
        return dialog_again(over, status=401)
    if request.method in SAFE_METHODS:
        next_page = own_path(request.full_path.rstrip("?")) or None
        again = 1 if is_again else None
        return redirect(url_for("staff.sign_in", next=next_page, again=again), 303)
    form = SignInForm(None, carried=drafts.sealed(), next=came_from() if is_again else "")
    return SignIn(form=form).response(401)


def answer_forgery(_: CSRFError) -> ResponseReturnValue:
    """Answer a form without a valid CSRF token: its session ended, perhaps
    with a new one begun in another tab, or the form is not ours.
    """
    owner, present = drafts.owner_of(request.form), g.get("visitor")
    log.warning(
        "form without a good token",
        extra={"staff_id": present.id if present else None, "made_for": owner},
    )
    if present is None and wants_fragment() and request.endpoint == "staff.sign_in":
        return _sign_in_once_more()
    if present is None and (wants_fragment() or owner is not None):
        return ask_to_sign_in()
    if present and owner == present.id and wants_fragment():
        return dialog_again(WelcomeBack(token=generate_csrf()), status=200)
    if present and owner == present.id and drafts.keep_submitted():
        flash_notice("You signed in anew meanwhile. Nothing is lost: check the form and save it.")
        return redirect(request.path, 303)
    return answer_http_error(
        BadRequest("This form is no longer valid. Reload the page and send it again.")
    )


def _sign_in_once_more() -> ResponseReturnValue:
    """The dialog again, with the address that was typed and a token that is good."""
    outdated = SignInOutdated()
    form = SignInForm.over_a_page(request.form)
    page = SignIn(form=form, refusal=outdated, made_for=request.form.get(OWNER_FIELD, ""))
    return dialog_again(page, status=outdated.status)


def visitor() -> CurrentStaff:
    """Who makes this request; only for routes that require signing in."""
    present: CurrentStaff = g.visitor
    return present


def actor() -> Actor:
    return visitor().actor(door="page", request_id=request_id())


def may_visitor(permission: Permission) -> bool:
    """Whether the visitor, if there is one, has a permission."""
    visitor = g.get("visitor")
    return visitor is not None and may(visitor.role, permission)
