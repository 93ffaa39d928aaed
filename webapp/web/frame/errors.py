"""Error pages, and what partial requests get instead: a message over whatever stands there, which
stays.
"""

import logging

from flask import Response, current_app, g, make_response, request
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from webapp.http.doors import status_of, told_request_id
from webapp.http.logs import log_failure
from webapp.http.page import Layout
from webapp.kernel.dialects import is_unavailable
from webapp.kernel.fields import printable
from webapp.kernel.refusals import Invalid, Refusal
from webapp.staff.brute_force import TooManyAttempts
from webapp.web.frame import drafts
from webapp.web.frame.htmx import toast, wants_fragment
from webapp.web.frame.pages import ErrorPage
from webapp.web.frame.redirects import came_from

log = logging.getLogger("gatebook.errors")

RETRY_AFTER_SECONDS = "5"
MAX_HOST_LENGTH = 100
TITLES = {
    400: "This request cannot be understood",
    403: "You may not do this",
    404: "There is nothing here",
    409: "This cannot be done as things stand",
    410: "This customer was deleted",
    405: "This cannot be done here",
    413: "This is too large",
    429: "Too much at once",
    500: "Something went wrong on our side",
    503: "The book cannot be reached",
}
SENTENCES = {
    400: "Something in the request is not as we expect it.",
    404: "The address may be mistyped, or what was here is gone.",
    405: "This address does not take requests of this kind.",
    413: "At most one megabyte can be sent at once. Nothing was saved.",
    500: "Nothing was saved. If it happens again, tell us the number below.",
    503: "The database does not answer. Try again in a moment.",
}
BARE = {500, 503}


def answer_refusal(refusal: Refusal) -> Response:
    """A refusal that no view shows by itself. In an address what is invalid is a bad request, not a
    bad form.
    """
    status = 400 if isinstance(refusal, Invalid) else status_of(refusal)
    response = _answer(status, refusal.message)
    if isinstance(refusal, TooManyAttempts):
        response.headers["Retry-After"] = str(refusal.wait)
    return response


def answer_http_error(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):
        return _answer_foreign_host()
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    own_words = (
        error.description
        if status in (400, 403) and type(error).description != error.description
        else None
    )
    response = _answer(status, own_words or SENTENCES.get(status, error.name))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _answer_foreign_host() -> Response:
    """A `Host` that is not ours: no page of ours has an address there. A proxy that was set up
    wrongly sees why.
    """
    came = printable(request.environ.get("HTTP_HOST", ""), instead="?")[:MAX_HOST_LENGTH]
    served = ", ".join(current_app.config["SERVED_HOSTS"])
    sentence = (
        f"Gatebook is not served under this host name. The request says {came!r}; this is "
        f"{served}.\n"
    )
    return Response(sentence, status=400, mimetype="text/plain")


def answer_failure(error: Exception) -> Response:
    """The last resort: the database is away (503), or we made a mistake (500), which says its
    request id only.
    """
    original = error.original_exception if isinstance(error, InternalServerError) else error
    if is_unavailable(original):
        log.error("database away", extra={"error": type(original).__name__})
        response = _answer(503, SENTENCES[503])
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
        return response
    log_failure(original)
    return _answer(500, SENTENCES[500])


def _answer(status: int, sentence: str) -> Response:
    title = TITLES.get(status, "This did not work")
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
    """Without the shell where the database may be away, and for whoever is not signed in."""
    is_bare = status in BARE or request.blueprint == "health" or not g.get("visitor")
    return Layout.BARE if is_bare else Layout.PAGE
