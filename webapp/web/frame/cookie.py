"""The cookies of pages: with one set of flags, and names that bind them to this host under TLS."""

from flask import Flask, Response, current_app, request

from webapp.settings import Settings

# The cookie of the session has no name of its own besides that of the program.
SESSION, MESSAGES, DEVICE, VIEWED, LIST = "", "messages", "device", "viewed", "list"
COLUMNS = "columns"


def init_cookies(app: Flask, settings: Settings) -> None:
    app.config["SESSION_COOKIE_SECURE"] = settings.https
    app.config["SESSION_COOKIE_NAME"] = "__Host-gatebook" if settings.https else "gatebook"
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"


def read_cookie(what: str, *, path: str = "/") -> str:
    """The value that the browser sent; the empty string if it sent none."""
    return request.cookies.get(_name(what, path), "")


def put_cookie(
    response: Response, what: str, value: str, *, max_age: int | None = None, path: str = "/"
) -> None:
    """Send the browser a cookie.

    Args:
        max_age: Seconds; without it, the cookie ends with the browser's session.
        path: The browser sends it only to addresses below this one.
    """
    response.set_cookie(
        _name(what, path),
        value,
        max_age=max_age,
        path=path,
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: Response, what: str) -> None:
    """Have the browser delete a cookie."""
    response.delete_cookie(
        _name(what, "/"), path="/", secure=_is_secure(), httponly=True, samesite="Lax"
    )


def _name(what: str, path: str) -> str:
    """Browsers refuse a `__Host-` cookie for less than the whole host (RFC 6265bis §4.1.3)."""
    prefix = "" if not _is_secure() else "__Host-" if path == "/" else "__Secure-"
    return "-".join(filter(None, (f"{prefix}gatebook", what)))


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
