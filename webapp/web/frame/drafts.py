"""Drafts, which must not be lost when a session ends while somebody types:
encrypted, carried through sign-in, restored.
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
    """Mark a view that can restore its form.
    No other form is carried, least of all one with passwords.
    """
    view.carries_its_form = True  # type: ignore[attr-defined]
    return view


def carried_once(view: View) -> View:
    """The same for a view whose answer is shown only once:
    its form is not offered to be sent again, because it may have been carried out.
    """
    view.answers_once = True  # type: ignore[attr-defined]
    return carried(view)


def _says(mark: str) -> bool:
    """Whether the view of the present request has the mark."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, mark, False)


def owner_token(staff_id: int) -> str:
    """For whom a form was made, encrypted; part of every form, beside the CSRF token."""
    return crypto.encrypt_token("form owner", str(staff_id).encode())


def owner_of(form: MultiDict[str, str]) -> int | None:
    opened = crypto.decrypt_token("form owner", form.get(OWNER_FIELD, ""))
    return int(opened) if opened else None


def sealed() -> str | None:
    """The submitted form, encrypted.

    Returns:
        `None` if we did not make the form for anybody, or its view cannot restore it.
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
    to send it again; empty if it must not be.
    """
    comes_back = _says("carries_its_form") and not _says("answers_once")
    is_ours = comes_back and owner_of(request.form) is not None
    return list(request.form.items(multi=True)) if is_ours else []


def keep(carried: str, staff_id: int) -> str | None:
    """Keep a carried form in the new session, if it was made for the person who signed in.

    Returns:
        The path of the page that restores it.
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
    """Keep the submitted form, sent by the person who is signed in, for its page to restore."""
    if not _says("carries_its_form"):
        return False
    session["unsaved"] = _submitted()
    return True


def restored() -> MultiDict[str, str] | None:
    """The draft kept for this page; it survives reloads until the form is saved or left."""
    draft = session.get("unsaved", {})
    return MultiDict(draft["fields"]) if draft.get("path") == request.path else None


def forget() -> None:
    """Drop the draft, because the form was saved."""
    session.pop("unsaved", None)


def forget_if_left() -> None:
    """Drop the draft if this request is for another page than the draft's."""
    if session.get("unsaved", {}).get("path") not in (None, request.path):
        forget()
