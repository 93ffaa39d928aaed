"""Forms that must not be lost when a session ends while somebody types: sealed, carried past
sign-in, restored.
"""

import json
import zlib
from typing import Any

from flask import request, session
from werkzeug.datastructures import MultiDict

from webapp.kernel import crypto

OWNER_FIELD = "form_owner"
NOT_CARRIED = {"csrf_token", OWNER_FIELD}
# The forms that know how to come back. No other form is carried, least of all one with passwords.
CARRIED_FROM = {
    "customers.add_customer",
    "customers.change_customer",
    "blacklist.blacklist_customer",
    "blacklist.lift_blacklisting",
    "blacklist.ask_for_lift",
    "blacklist.decide_case",
    "blacklist.decide_selected",
    "blacklist.check_person",
    "staff.add_member",
    "programs.create_key",
}
# What these answer is shown once: whoever sent them should look first whether it was done.
SECRET_ANSWERS = {"staff.add_member", "programs.create_key"}


def owner_token(staff_id: int) -> str:
    """Says, sealed, for whom a form was made; stands in every form beside the CSRF token."""
    return crypto.seal("form owner", str(staff_id).encode())


def owner_of(form: MultiDict[str, str]) -> int | None:
    opened = crypto.unseal("form owner", form.get(OWNER_FIELD, ""))
    return int(opened) if opened else None


def sealed() -> str | None:
    """The submitted form as a text that only we can open.

    Returns:
        `None` when the form was not made here for anybody, or does not know how to come back.
    """
    owner = owner_of(request.form)
    if owner is None or request.endpoint not in CARRIED_FROM:
        return None
    text = json.dumps({"owner": owner} | _submitted(), ensure_ascii=False)
    return crypto.seal("unsaved form", zlib.compress(text.encode(errors="surrogatepass")))


def _submitted() -> dict[str, Any]:
    fields = [
        (name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED
    ]
    return {"path": request.path, "fields": fields}


def to_send_again() -> list[tuple[str, str]]:
    """All fields of the submitted form, for a page that offers to send it again, if it is one that
    may come back.
    """
    is_ours = (
        request.endpoint in CARRIED_FROM - SECRET_ANSWERS and owner_of(request.form) is not None
    )
    return list(request.form.items(multi=True)) if is_ours else []


def keep(carried: str, staff_id: int) -> str | None:
    """Keep a carried form in the new session, if it was made for the person who signed in.

    Returns:
        The path at which it can be restored.
    """
    opened = crypto.unseal("unsaved form", carried)
    form: dict[str, Any] = (
        json.loads(zlib.decompress(opened).decode(errors="surrogatepass")) if opened else {}
    )
    if form.get("owner") != staff_id:
        return None
    session["unsaved"] = {"path": form["path"], "fields": form["fields"]}
    return str(form["path"])


def keep_submitted() -> bool:
    """Keep the form of this request, sent by the person who is signed in, until its page is
    opened.
    """
    if request.endpoint not in CARRIED_FROM:
        return False
    session["unsaved"] = _submitted()
    return True


def restored() -> MultiDict[str, str] | None:
    """The form that was kept for this page; also after a reload, until it is saved or left."""
    kept = session.get("unsaved", {})
    return MultiDict(kept["fields"]) if kept.get("path") == request.path else None


def forget() -> None:
    """The form was saved."""
    session.pop("unsaved", None)


def forget_if_left() -> None:
    """Whoever opens another page has left the form that was kept."""
    if session.get("unsaved", {}).get("path") not in (None, request.path):
        forget()
