"""Fragments: the pieces of pages that htmx receives, and the ways to answer a partial request."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from markupsafe import escape

from webapp.http.doors import status_of
from webapp.kernel.refusals import Refusal
from webapp.staff.brute_force import TooManyAttempts


def wants_fragment() -> bool:
    """Whether htmx asks for a piece of a page; Back and Forward ask for the whole one (`full`)."""
    return request.headers.get("HX-Request-Type") == "partial"


def vary_by_request_type(response: Response) -> Response:
    """The same address answers a page or a piece of it; whoever keeps answers must not mix them
    up.
    """
    if response.mimetype == "text/html":
        response.vary.update(["HX-Request", "HX-Request-Type"])
    return response


def partial(target: str, content: str, swap: str = "innerHTML") -> str:
    """Content for another place than the one that asked (htmx 4 puts it there after the main
    swap).
    """
    return (
        f'<hx-partial hx-target="{escape(target)}" hx-swap="{escape(swap)}">{content}</hx-partial>'
    )


def toast(message: str, *, kind: str, undo: dict[str, Any] | None = None, place: str = "") -> str:
    """A message over the page, in the place of earlier ones.

    Args:
        kind: `success`, `notice` or `bad`.
        undo: The `address` for taking back what was done, and the `case` that it is about.
        place: What to show again then: the row of a `list`, or else the whole record.
    """
    shown = render_template(
        "components/_toast.html", message=message, kind=kind, undo=undo, place=place
    )
    return partial("#toasts", shown)


def dialog(
    template: str, *, place: str = "#dialog", status: int = 200, **context: object
) -> Response:
    """A fragment that the page opens as a dialog over whatever stands there, untouched.

    Args:
        place: `#dialog`, or `#again` for signing in again, which may have to stand over another
            dialog.
    """
    response = make_response(partial(place, render_template(template, **context)), status)
    response.headers["HX-Reswap"] = "none"
    return response


def close_dialog() -> str:
    """Content that empties the open dialog; the page then closes it."""
    return partial("#dialog", "")


def go_to(url: str) -> ResponseReturnValue:
    """Send the browser to another page after something was done (303, or what htmx takes for
    one).
    """
    if wants_fragment():
        return Response(status=200, headers={"HX-Redirect": url})
    return redirect(url, 303)


def refused(page: str, refusal: Refusal) -> Response:
    """A page that shows a refusal, with its status and, where guessing is slowed down, when to come
    back.
    """
    response = make_response(page, status_of(refusal))
    if isinstance(refusal, TooManyAttempts):
        response.headers["Retry-After"] = str(refusal.wait)
    return response


def flash_success(message: str) -> None:
    """Say on the next page that something was done."""
    _flash_once(message, "success")


def flash_notice(message: str) -> None:
    """Say on the next page something that needs a second look."""
    _flash_once(message, "notice")


def _flash_once(message: str, category: str) -> None:
    if [category, message] not in [list(pair) for pair in session.get("_flashes", [])]:
        flash(message, category)
