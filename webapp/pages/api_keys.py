"""API keys, as an admin looks after them: made, shown once, revoked."""

from datetime import datetime, time

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.errors import Invalid
from webapp.http import needs, status_of
from webapp.pages import pages, unsaved
from webapp.pages.doorway import actor
from webapp.pages.forms import KeyForm
from webapp.pages.fragments import flash_success, go_to
from webapp.pages.presentation import reader_zone
from webapp.pages.sessions import shown_once
from webapp.staff import keys
from webapp.staff.access import Permission

KEY_ID = "<int(max=2147483647):key_id>"


@pages.get("/api-keys")
@needs(Permission.MANAGE_KEYS)
def list_keys() -> ResponseReturnValue:
    made = shown_once("new_key")
    name, secret = made or (None, None)
    shown = {"keys": keys.list_keys(), "standing_of": keys.standing_of, "name": name, "secret": secret}
    return render_template("api_keys/list_keys.html", **shown)


@pages.get("/api-keys/new")
@needs(Permission.MANAGE_KEYS, fresh=True)
def new_key() -> ResponseReturnValue:
    return render_template("api_keys/new_key.html", form=KeyForm(unsaved.restored()))


@pages.post("/api-keys/new")
@needs(Permission.MANAGE_KEYS, fresh=True)
def create_key() -> ResponseReturnValue:
    form = KeyForm(request.form)
    try:
        expires_at = _end_of_day(form.submitted["expires_on"] or "")
        key, secret = keys.create_key(
            name=form.submitted["name"] or "", scopes=form.scopes.data or [], expires_at=expires_at, by=actor()
        )
    except Invalid as refusal:
        form.show(refusal)
        return render_template("api_keys/new_key.html", form=form), status_of(refusal)
    unsaved.forget()
    session["new_key"] = [None, [key.name, secret]]
    return go_to(url_for("pages.list_keys"))


def _end_of_day(text: str) -> datetime | None:
    """The last moment of a day in the reader's zone."""
    if not text:
        return None
    try:
        day = datetime.fromisoformat(text).date()
        return datetime.combine(day, time.max, reader_zone()).astimezone(clock.EPOCH.tzinfo)
    except (ValueError, OverflowError):
        raise Invalid("invalid_details", "This is not a day", {"expires_on": ["This is not a day"]}) from None


@pages.get(f"/api-keys/{KEY_ID}/revoke")
@needs(Permission.MANAGE_KEYS, fresh=True)
def ask_to_revoke(key_id: int) -> ResponseReturnValue:
    return render_template("api_keys/revoke_key.html", key=keys.get_key(key_id))


@pages.post(f"/api-keys/{KEY_ID}/revoke")
@needs(Permission.MANAGE_KEYS, fresh=True)
def revoke_key(key_id: int) -> ResponseReturnValue:
    key = keys.revoke_key(key_id, by=actor())
    flash_success(f"The key {key.name} is revoked; its next call is refused.")
    return go_to(url_for("pages.list_keys"))
