"""Error pages, and what partial requests get instead:
a message over the page, which stays as it is.
"""

import logging

from flask import Response, current_app, g, make_response, request
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from webapp.http.doors import told_request_id
from webapp.http.logs import log_failure
from webapp.http.page import Layout
from webapp.http.refusals import BY_STATUS, InternalError, Unavailable
from webapp.kernel.dialects import is_unavailable
from webapp.kernel.fields import printable
from webapp.kernel.refusals import Invalid, Refusal, TooMuch
from webapp.web.frame import drafts
from webapp.web.frame.htmx import toast, wants_fragment
from webapp.web.frame.pages import ErrorPage
from webapp.web.frame.redirects import came_from

log = logging.getLogger("gatebook.errors")

RETRY_AFTER_SECONDS = "5"
MAX_HOST_LENGTH = 100
BARE = {500, 503}


def answer_refusal(refusal: Refusal) -> Response:
    """Answer a refusal that no view shows by itself.
    An `Invalid` keeps its own status: the address is wrong, not a form.
    """
    status = refusal.status if isinstance(refusal, Invalid) else refusal.status_on_a_page
    response = _answer(status, refusal.title, refusal.message)
    if isinstance(refusal, TooMuch):
        response.headers["Retry-After"] = str(refusal.wait)
    return response


def answer_http_error(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):
        return _answer_foreign_host()
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    kind = BY_STATUS.get(status)
    has_own_words = status in (400, 403) and type(error).description != error.description
    sentence = error.description if has_own_words else kind.advice if kind else error.name
    response = _answer(status, kind.title if kind else Refusal.title, sentence or error.name)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _answer_foreign_host() -> Response:
    """Answer a foreign `Host` in plain text, because links of ours would not work there;
    the text helps whoever misconfigured a proxy.
    """
    came = printable(request.environ.get("HTTP_HOST", ""), instead="?")[:MAX_HOST_LENGTH]
    served = ", ".join(current_app.config["SERVED_HOSTS"])
    sentence = (
        "Gatebook is not served under this host name. "
        f"The request says {came!r}; this is {served}.\n"
    )
    return Response(sentence, status=400, mimetype="text/plain")


def answer_failure(error: Exception) -> Response:
    """The last resort: the database is unavailable (503),
    or we have a bug (500), of which only the request id is shown.
    """
    original = error.original_exception if isinstance(error, InternalServerError) else error
    if is_unavailable(original):
        log.error("database away", extra={"error": type(original).__name__})
        response = _answer(503, Unavailable.title, Unavailable.advice)
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
        return response
    log_failure(original)
    return _answer(500, InternalError.title, InternalError.advice)


def _answer(status: int, title: str, sentence: str) -> Response:
    if wants_fragment():
        number = f" (request {told_request_id()})" if status == 500 else ""
        return make_response(toast(f"{title}. {sentence}{number}", kind="bad"), status)
    page = ErrorPage(
        layout=_layout(status),
        status=status,
        title=title,
        sentence=sentence,
        id=told_request_id(),
        back=came_from(),
        again=drafts.to_send_again() if status == 503 else [],
    )
    return page.response(status)


def _layout(status: int) -> Layout:
    """No shell if the database may be unavailable or nobody is signed in."""
    is_bare = status in BARE or not g.get("visitor")
    return Layout.BARE if is_bare else Layout.PAGE
