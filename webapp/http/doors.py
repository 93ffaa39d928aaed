"""What every door shares: what a route needs, security headers,
request ids, and which door answers an error.
"""

import logging
import re
import secrets
from collections.abc import Callable
from io import BytesIO
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, g, request
from werkzeug.exceptions import Forbidden, HTTPException, RequestEntityTooLarge, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from webapp.batches.uploads import MOST_BYTES
from webapp.blacklist import ending
from webapp.http.uploads import does_take_files, forget_sent
from webapp.kernel.refusals import Refusal
from webapp.settings import LOOPBACK, Settings
from webapp.staff.permissions import Permission

log = logging.getLogger("gatebook.http")
View = TypeVar("View", bound=Callable[..., Any])
REQUEST_ID = re.compile(r"[A-Za-z0-9._:=;/+-]{1,64}", re.ASCII)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# Blueprints for monitoring and static files, which tell nothing of the book.
WITHOUT_A_BOOK = {"health", "assets"}
MAX_BODY = 1024 * 1024
# Endpoints to which anybody can send a form without having signed in.
FORMS_OF_STRANGERS = {"staff.sign_in", "staff.confirm_sign_in"}
MAX_FORM_OF_A_STRANGER = 16 * 1024
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types htmx",
    ]
)

# No view sets any of these itself.
SECURITY_HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]


def needs(permission: Permission, *, fresh: bool = False) -> Callable[[View], View]:
    """Declare on a view which permission its route needs.
    Every route must declare one, or the application does not start.

    Args:
        fresh: The person must have signed in within the last 15 minutes, because the action cannot
            be undone or gives access to others.
    """

    def declare(view: View) -> View:
        view.needs, view.needs_fresh = permission, fresh  # type: ignore[attr-defined]
        return view

    return declare


def needed_permission(app: Flask, endpoint: str) -> Permission:
    """The permission that a route needs.

    Raises:
        LookupError: the route declares none.
    """
    permission: Permission | None = getattr(app.view_functions[endpoint], "needs", None)
    if permission is None:
        raise LookupError(
            f"The route {endpoint} does not say what it needs; decorate its view with @needs(…)"
        )
    return permission


def needs_fresh_sign_in(app: Flask, endpoint: str) -> bool:
    """Whether a route asks for a recent sign-in."""
    return bool(getattr(app.view_functions[endpoint], "needs_fresh", False))


def refuse_undeclared_routes(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        needed_permission(app, rule.endpoint)


class Door(Protocol):
    """How a door reports that something was refused or failed."""

    def answer_refusal(self, refusal: Refusal) -> Response: ...

    def answer_http_error(self, error: HTTPException) -> Response: ...

    def answer_failure(self, error: Exception) -> Response: ...


def answer_errors(app: Flask, *, pages: Door, api: Door) -> None:
    """Register one set of error handlers, in which each door answers its own errors;
    everything under `/api` is the JSON door's, even paths without a route.
    """

    def door() -> Door:
        return api if is_for_programs(request.path) else pages

    app.register_error_handler(Refusal, lambda refusal: door().answer_refusal(refusal))
    app.register_error_handler(HTTPException, lambda error: door().answer_http_error(error))
    app.register_error_handler(Exception, lambda error: door().answer_failure(error))


def is_for_programs(path: str) -> bool:
    """Whether a path is the JSON door's, even if it has no route."""
    return path == "/api" or path.startswith("/api/")


def init_http(app: Flask, settings: Settings) -> None:
    """Set up what applies to every request; call it before the doors are registered."""
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
    app.config["DELETIONS_PER_DAY"] = settings.deletions_per_day
    app.config["SECOND_PERSON_ABOVE"] = settings.second_person_above
    app.config["REFUSE_DUPLICATES"] = bool(settings.refuse_duplicates)
    app.config["WEBHOOKS_TO_LOOPBACK"] = bool(settings.webhooks_to_loopback)
    app.config["FILES_FOLDER"] = settings.files_folder
    app.config["SERVED_HOSTS"] = sorted(
        LOOPBACK | {settings.host} if settings.host in LOOPBACK else {settings.host}
    )
    app.config["TRUSTED_PROXIES"] = settings.trusted_proxies
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.teardown_request(forget_sent)
    app.before_request(_give_request_id)
    app.before_request(_hold_to_size)
    app.before_request(_refuse_foreign_hosts)
    app.before_request(_refuse_foreign_pages)
    app.before_request(_recognise_a_proxy)
    app.before_request(_end_what_is_due)
    app.after_request(lambda response: _add_security_headers(response, https=settings.https))


def _give_request_id() -> None:
    own = request.headers.get("X-Request-Id", "")
    g.request_id = secrets.token_hex(12)
    g.client_request_id = own if REQUEST_ID.fullmatch(own) else None


def _end_what_is_due() -> None:
    """Whoever asks is answered by what counts now."""
    if (
        request.endpoint
        and request.blueprint not in WITHOUT_A_BOOK
        and request.endpoint != "static"
    ):
        ending.end_what_is_due()


def request_id() -> str:
    """Our own id of the present request, never chosen by the client;
    it stands in the log lines and history entries of the request.
    """
    if "request_id" not in g:
        _give_request_id()
    return str(g.request_id)


def told_request_id() -> str:
    """The id by which the client knows the present request:
    its own if it sent one, else ours; both are logged.
    """
    ours = request_id()
    return str(g.client_request_id or ours)


def _hold_to_size() -> None:
    """Refuse a body that is too large before anything is done with it,
    even one that does not declare its size.

    Werkzeug would cut a chunked body at the limit and treat the part as the whole.

    Raises:
        RequestEntityTooLarge: the body is too large.
    """
    most = MAX_FORM_OF_A_STRANGER if request.endpoint in FORMS_OF_STRANGERS else MAX_BODY
    request.max_content_length = most
    if does_take_files(request.endpoint):
        most = MOST_BYTES  # once it is known who sends it; see `allow_a_file`
    if request.content_length is not None and request.content_length > most:
        raise RequestEntityTooLarge
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        body = request.environ["wsgi.input"].read(most + 1)
        if len(body) > most:
            raise RequestEntityTooLarge
        request.environ["wsgi.input"] = BytesIO(body)
        request.environ["CONTENT_LENGTH"] = str(len(body))
        request.environ.pop("HTTP_TRANSFER_ENCODING", None)


def _refuse_foreign_hosts() -> None:
    """Refuse a `Host` that is not ours, except for health checks, which may use any address.

    Raises:
        SecurityError: with the hosts that are served.
    """
    served: list[str] = current_app.config["SERVED_HOSTS"]
    if request.blueprint != "health" and not host_is_trusted(
        request.environ.get("HTTP_HOST", ""), served
    ):
        raise SecurityError(f"Not served under this host name; this is {', '.join(served)}")


def _recognise_a_proxy() -> None:
    """Report a proxy on this machine that no setting mentions: everybody
    then has its address, so one person's failed guesses lock out everybody.
    """
    forwarded = any(
        name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP")
    )
    if forwarded and not current_app.config["TRUSTED_PROXIES"] and request.remote_addr in LOOPBACK:
        if not current_app.extensions.get("unknown_proxy"):
            log.error(
                "a proxy stands in front, but GATEBOOK_TRUSTED_PROXIES is not set: "
                "everybody has its address"
            )
        current_app.extensions["unknown_proxy"] = True


def _refuse_foreign_pages() -> None:
    """A change must come from our own pages (Fetch Metadata and Origin), whatever token it brings.

    Programs bring a key, which no browser adds by itself.
    """
    if request.method in SAFE_METHODS or is_for_programs(request.path):
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {
        "same-origin",
        "none",
    } or not _own_origin(request):
        raise Forbidden("This request came from another site.")


def _own_origin(request: Request) -> bool:
    origin = request.headers.get("Origin")
    try:
        # Browsers send `null` when told to withhold the origin; Sec-Fetch-Site and the token decide
        # then.
        return origin in (None, "null") or urlsplit(origin or "").netloc == request.host
    except ValueError:
        return False


def _add_security_headers(response: Response, *, https: bool) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.extend(SECURITY_HEADERS)
    response.headers.add("X-Request-Id", told_request_id())
    if https:
        response.headers.add("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    return response


def may_reach_loopback() -> bool:
    """Whether webhooks may go to this machine: for development."""
    return bool(current_app.config["WEBHOOKS_TO_LOOPBACK"])
