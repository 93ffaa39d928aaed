"""Fragments: the pieces of pages that htmx receives, and the ways to answer a partial request."""

from dataclasses import asdict
from typing import Any, TypeVar

from flask import Response, flash, make_response, redirect, request, session
from flask.typing import ResponseReturnValue
from markupsafe import escape

from webapp.http.page import Layout, Page
from webapp.kernel.refusals import Refusal, TooMuch
from webapp.web.frame.pages import Toast, Undo

PageT = TypeVar("PageT", bound=Page)


def wants_fragment() -> bool:
    """Whether htmx asks for a piece of a page; for Back and Forward it asks for all (`full`)."""
    return request.headers.get("HX-Request-Type") == "partial"


def vary_by_request_type(response: Response) -> Response:
    """Send `Vary`: the same address answers with a page or with a piece of it,
    and caches must not mix them up.
    """
    if response.mimetype == "text/html":
        response.vary.update(["HX-Request", "HX-Request-Type"])
    return response


def partial(target: str, content: str, swap: str = "innerHTML") -> str:
    """Content for another place than the request's own target
    (htmx 4 inserts it after the main swap).
    """
    return (
        f'<hx-partial hx-target="{escape(target)}" hx-swap="{escape(swap)}">{content}</hx-partial>'
    )


def toast(message: str, *, kind: str, undo: Undo | None = None) -> str:
    """A message over the page, replacing earlier ones.

    Args:
        kind: `success`, `notice` or `bad`.
    """
    return partial("#toasts", Toast(message=message, kind=kind, undo=undo).html())


def dialog(page: Page, *, status: int = 200) -> Response:
    """The page as a dialog over the present one, which stays as it is."""
    return _over_the_page("#dialog", page.within(Layout.DIALOG), status)


def dialog_again(page: Page, *, status: int) -> Response:
    """A dialog for signing in again, over the present page and perhaps another dialog."""
    return _over_the_page("#again", page.within(Layout.PART), status)


def _over_the_page(place: str, page: Page, status: int) -> Response:
    response = make_response(partial(place, page.html()), status)
    response.headers["HX-Reswap"] = "none"
    return response


def close_dialog() -> str:
    """Content that empties the open dialog, whereupon the script closes it."""
    return partial("#dialog", "")


def go_to(url: str) -> ResponseReturnValue:
    """Send the browser to another page after an action
    (303, or `HX-Redirect` for htmx).
    """
    if wants_fragment():
        return Response(status=200, headers={"HX-Redirect": url})
    return redirect(url, 303)


def whole_or_part(page: PageT) -> PageT:
    """The page, or only the part of it that htmx asks for."""
    return page.within(Layout.PART) if wants_fragment() else page


def refused(page: Page, refusal: Refusal) -> Response:
    """A page that shows a refusal, with its status
    and, after too many attempts, `Retry-After`.
    """
    response = page.response(refusal.status_on_a_page)
    if isinstance(refusal, TooMuch):
        response.headers["Retry-After"] = str(refusal.wait)
    return response


def flash_success(message: str, *, undo: Undo | None = None) -> None:
    """Say on the next page that something was done, and offer to take it back."""
    flash_outcome(message, kind="success", undo=undo)


def flash_notice(message: str) -> None:
    """Say on the next page something that needs a second look."""
    flash_outcome(message, kind="notice")


def flash_outcome(message: str, *, kind: str, undo: Undo | None = None) -> None:
    """Say on the next page, once, what `toast` would say on this one."""
    content: Any = {"message": message, "undo": asdict(undo)} if undo else message
    if [kind, content] not in [list(pair) for pair in session.get("_flashes", [])]:
        flash(content, kind)
