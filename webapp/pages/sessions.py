"""Flask's session for pages: before signing in a signed cookie with the CSRF token, after it an opaque token.

The CSRF token of somebody signed in is derived from theirs, so that reading it needs no database. What must survive
until the next page (messages, an unsaved form) is carried in the session's row.
"""

from typing import Any

from flask import Flask, Request, Response, g, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf

from webapp import sealing
from webapp.settings import Settings
from webapp.staff import sign_in

CARRIED = ("_flashes", "unsaved")


class SignedInSession(SecureCookieSession):
    """The session of whoever holds an opaque token; whether it is still good, the doorway asks the database."""

    def __init__(self, token: str) -> None:
        super().__init__({"csrf_token": sealing.fingerprint("csrf", token.encode(errors="replace")).hex()})
        self.token = token

    def carried(self) -> dict[str, Any]:
        return {name: self[name] for name in CARRIED if name in self}


class Sessions(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        value = request.cookies.get(self.get_cookie_name(app), "")
        if value and "." not in value:
            return SignedInSession(value)
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        response.vary.add("Cookie")
        name = self.get_cookie_name(app)
        if "entered_with" in g:
            _set_cookie(app, response, name, g.entered_with)
        if g.get("left"):
            response.delete_cookie(name, path="/", secure=self.get_cookie_secure(app), httponly=True, samesite="Lax")
            response.headers["Clear-Site-Data"] = '"cache"'
        elif isinstance(session, SignedInSession):
            _carry(session, g.get("entered_with") or session.token)
        else:
            super().save_session(app, session, response)


def _set_cookie(app: Flask, response: Response, name: str, token: str) -> None:
    secure = app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(name, token, path="/", secure=secure, httponly=True, samesite="Lax")


def _carry(session: SignedInSession, token: str) -> None:
    visitor = g.get("visitor")
    before = visitor.carried if visitor and "entered_with" not in g else {}
    if session.carried() != before:
        sign_in.carry(token, session.carried())


def init_sessions(app: Flask, settings: Settings) -> None:
    app.session_interface = Sessions()
    app.config["SECRET_KEY"] = settings.secret_key
    app.config["SESSION_COOKIE_NAME"] = "__Host-gatebook" if settings.https else "gatebook"
    app.config["SESSION_COOKIE_SECURE"] = settings.https
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"


def enter(token: str) -> str:
    """Give the browser a new token with this response; nothing of the old session is kept.

    Returns:
        The CSRF token for forms that stand open in the browser.
    """
    g.entered_with = token
    session.clear()
    session["csrf_token"] = SignedInSession(token)["csrf_token"]
    g.pop("csrf_token", None)
    return str(generate_csrf())


def leave() -> None:
    """Take the token back with this response, and all that the browser kept of our pages."""
    g.left = True
