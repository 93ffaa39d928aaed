"""Flask's session for pages: a signed cookie with the CSRF
token before signing in, an opaque token after it.

The CSRF token of a signed-in session is derived from the opaque token, so that it needs no
database. What must survive until the next page (a draft, a secret to be shown once) is kept in the
session's row, encrypted. Messages are kept in a cookie, encrypted with the token: each of them
would otherwise cost two durable writes, to keep it and to drop it.
"""

import json
import logging
from typing import Any

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import OperationalError

from webapp.http.doors import is_for_programs
from webapp.kernel import crypto
from webapp.kernel.database import Busy
from webapp.settings import Settings
from webapp.staff import sessions as staff_sessions
from webapp.web.frame.cookie import (
    MESSAGES,
    SESSION,
    drop_cookie,
    init_cookies,
    put_cookie,
    read_cookie,
)

log = logging.getLogger("gatebook.sessions")

FLASHED = "_flashes"
# Browsers keep cookies of up to 4,096 bytes; longer messages go to the session's row.
MAX_MESSAGES_LENGTH = 3_500
SECRETS = ("one_time_password", "recovery_codes", "new_key", "new_secret")
CARRIED = (FLASHED, "unsaved", "next", *SECRETS)


class SignedInSession(SecureCookieSession):
    """The session behind an opaque token;
    `auth` asks the database whether it is still valid.
    """

    def __init__(self, token: str) -> None:
        super().__init__(
            {"csrf_token": crypto.fingerprint("csrf", token.encode(errors="replace")).hex()}
        )
        self.token = token

    def read_messages(self, sealed: str) -> None:
        """Take the messages for this page from their cookie."""
        content = crypto.decrypt_token("messages", sealed, holder=self.token) if sealed else None
        if content:
            self[FLASHED] = json.loads(content)


class Sessions(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if is_for_programs(request.path):
            return self.make_null_session(app)  # programs have no session
        value = request.cookies.get(self.get_cookie_name(app), "")
        if value and "." not in value:
            session = SignedInSession(value)
            session.read_messages(read_cookie(MESSAGES))
            return session
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        response.vary.add("Cookie")
        if "entered_with" in g:
            put_cookie(response, SESSION, g.entered_with)
            _carry(session, g.entered_with, response, before={})
        elif "left" in g:
            drop_cookie(response, SESSION)
            _keep_messages(response, "")
            response.headers["Clear-Site-Data"] = '"cache"'
        elif not isinstance(session, SignedInSession):
            super().save_session(app, session, response)
        elif g.get("visitor"):
            _carry(session, session.token, response, before=g.visitor.carried)
        elif "visitor" in g and request.endpoint != "static":
            _keep_messages(response, "")  # the session is over, and with it what it was told


def _carry(
    session: SessionMixin, token: str, response: Response, *, before: dict[str, Any]
) -> None:
    carried = {name: session[name] for name in CARRIED if name in session}
    sealed = _sealed(carried.get(FLASHED), token)
    fits = len(sealed) <= MAX_MESSAGES_LENGTH
    _keep_messages(response, sealed if fits else "")
    if fits:
        carried.pop(FLASHED, None)
    if carried == before:
        return
    try:
        staff_sessions.carry(token, carried)
    except (Busy, OperationalError):
        if carried.get("unsaved") != before.get("unsaved") and "unsaved" in carried:
            raise  # the browser still has the form
        # The request was carried out, and its answer must say so; losing a message is the lesser
        # harm.
        log.warning("messages for the next page were lost")


def _sealed(messages: Any, token: str) -> str:
    if not messages:
        return ""
    return crypto.encrypt_token("messages", json.dumps(messages).encode(), holder=token)


def _keep_messages(response: Response, sealed: str) -> None:
    """Keep the messages for the next page; equal ones give an equal text, which stays as it is."""
    if sealed == read_cookie(MESSAGES):
        return
    if sealed:
        put_cookie(response, MESSAGES, sealed)
    else:
        drop_cookie(response, MESSAGES)


def init_sessions(app: Flask, settings: Settings) -> None:
    app.session_interface = Sessions()
    app.config["SECRET_KEY"] = settings.secret_key
    init_cookies(app, settings)


def enter(token: str, *, same_person: bool = False) -> str:
    """Give the browser a new token with this response.

    Args:
        same_person: Keep what the old session carried; otherwise drop all of it.

    Returns:
        The CSRF token for the forms that are open in the browser.
    """
    g.entered_with = token
    carried = {name: session[name] for name in CARRIED if name in session and same_person}
    session.clear()
    session.update(carried)
    session["csrf_token"] = SignedInSession(token)["csrf_token"]
    g.pop("csrf_token", None)
    g.pop("hidden_fields", None)
    return str(generate_csrf())


def shown_once(name: str, whose: int | None = None) -> Any:
    """Take the secret that was kept for this page, which shows it now;
    other pages and HEAD requests leave it in the session.
    """
    waiting_for, secret = session.get(name, [None, None])
    if secret is None or waiting_for != whose or request.method != "GET":
        return None
    session.pop(name)
    return secret


def token() -> str:
    """The opaque token of the person who is signed in."""
    if not isinstance(session, SignedInSession):
        raise LookupError("Nobody is signed in")
    return session.token


def leave() -> None:
    """Delete the token and everything that the browser cached of our pages, by this response."""
    g.left = True
