"""Forms that must not be lost when a session ends while somebody types: sealed, carried past sign-in, restored."""

import json
from typing import Any

from flask import current_app, request, session
from werkzeug.datastructures import MultiDict

from webapp import sealing

OWNER_FIELD = "form_owner"
NOT_CARRIED = {"csrf_token", OWNER_FIELD}


def owner_token(staff_id: int) -> str:
    """Says, sealed, for whom a form was made; stands in every form beside the CSRF token."""
    return sealing.seal("form owner", str(staff_id).encode())


def owner_of(form: MultiDict[str, str]) -> int | None:
    opened = sealing.unseal("form owner", form.get(OWNER_FIELD, ""))
    return int(opened) if opened else None


def sealed(path: str, form: MultiDict[str, str]) -> str | None:
    """A submitted form as a text that only we can open.

    Returns:
        `None` when the form was not made here for anybody, or has no page of its own to be restored on.
    """
    owner = owner_of(form)
    if owner is None or not current_app.url_map.bind("").test(path, "GET"):
        return None
    fields = [(name, value) for name, value in form.items(multi=True) if name not in NOT_CARRIED]
    return sealing.seal("unsaved form", json.dumps({"owner": owner, "path": path, "fields": fields}).encode())


def keep(carried: str, staff_id: int) -> str | None:
    """Keep a carried form in the new session, if it was made for the person who signed in.

    Returns:
        The path at which it can be restored.
    """
    opened = sealing.unseal("unsaved form", carried)
    form: dict[str, Any] = json.loads(opened) if opened else {}
    if form.get("owner") != staff_id:
        return None
    session["unsaved"] = {"path": form["path"], "fields": form["fields"]}
    return str(form["path"])


def restored() -> MultiDict[str, str] | None:
    """The form that was kept for this page; it is handed out once."""
    if session.get("unsaved", {}).get("path") != request.path:
        return None
    return MultiDict(session.pop("unsaved")["fields"])
