"""Forms that must not be lost when a session ends while somebody types:
sealed, carried past sign-in, restored.
"""

import json
import zlib
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request, session
from werkzeug.datastructures import MultiDict

from webapp.kernel import crypto

OWNER_FIELD = "form_owner"
NOT_CARRIED = {"csrf_token", OWNER_FIELD}
View = TypeVar("View", bound=Callable[..., Any])


def carried(view: View) -> View:
    """Mark a view whose form knows how to come back.
    No other form is carried, least of all one with passwords.
    """
    view.carries_its_form = True  # type: ignore[attr-defined]
    return view


def carried_once(view: View) -> View:
    """The same for a view whose answer is shown once:
    whoever sent its form should look first whether it was done.
    """
    view.answers_once = True  # type: ignore[attr-defined]
    return carried(view)


def _says(mark: str) -> bool:
    """Whether the view of the present request is marked so."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, mark, False)


def owner_token(staff_id: int) -> str:
    """Says, sealed, for whom a form was made; stands in every form beside the CSRF token."""
    return crypto.encrypt_token("form owner", str(staff_id).encode())


def owner_of(form: MultiDict[str, str]) -> int | None:
    opened = crypto.decrypt_token("form owner", form.get(OWNER_FIELD, ""))
    return int(opened) if opened else None


def sealed() -> str | None:
    """The submitted form as a text that only we can open.

    Returns:
        `None` when the form was not made here for anybody, or does not know how to come back.
    """
    owner = owner_of(request.form)
    if owner is None or not _says("carries_its_form"):
        return None
    text = json.dumps({"owner": owner} | _submitted(), ensure_ascii=False)
    return crypto.encrypt_token("unsaved form", zlib.compress(text.encode(errors="surrogatepass")))


def _submitted() -> dict[str, Any]:
    fields = [
        (name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED
    ]
    return {"path": request.path, "fields": fields}


def to_send_again() -> list[tuple[str, str]]:
    """All fields of the submitted form, for a page that offers
    to send it again, if it is one that may come back.
    """
    comes_back = _says("carries_its_form") and not _says("answers_once")
    is_ours = comes_back and owner_of(request.form) is not None
    return list(request.form.items(multi=True)) if is_ours else []


def keep(carried: str, staff_id: int) -> str | None:
    """Keep a carried form in the new session, if it was made for the person who signed in.

    Returns:
        The path at which it can be restored.
    """
    opened = crypto.decrypt_token("unsaved form", carried)
    form: dict[str, Any] = (
        json.loads(zlib.decompress(opened).decode(errors="surrogatepass")) if opened else {}
    )
    if form.get("owner") != staff_id:
        return None
    session["unsaved"] = {"path": form["path"], "fields": form["fields"]}
    return str(form["path"])


def keep_submitted() -> bool:
    """Keep the form of this request,
    sent by the person who is signed in, until its page is opened.
    """
    if not _says("carries_its_form"):
        return False
    session["unsaved"] = _submitted()
    return True


def restored() -> MultiDict[str, str] | None:
    """The form that was kept for this page; also after a reload, until it is saved or left."""
    draft = session.get("unsaved", {})
    return MultiDict(draft["fields"]) if draft.get("path") == request.path else None


def forget() -> None:
    """The form was saved."""
    session.pop("unsaved", None)


def forget_if_left() -> None:
    """Whoever opens another page has left the form that was kept."""
    if session.get("unsaved", {}).get("path") not in (None, request.path):
        forget()
