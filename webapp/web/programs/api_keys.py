"""Pages on which an admin manages API keys: made, shown once, revoked."""

from datetime import datetime, time

from flask import current_app, request, session, url_for
from flask.typing import ResponseReturnValue

from webapp.http.doors import needs
from webapp.kernel import clock
from webapp.kernel.refusals import Invalid, InvalidDetails
from webapp.programs import api_keys
from webapp.staff.permissions import Permission
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor
from webapp.web.frame.drafts import carried_once
from webapp.web.frame.htmx import flash_success, go_to, refused
from webapp.web.frame.session_cookie import shown_once
from webapp.web.programs import programs
from webapp.web.programs.forms import KeyForm
from webapp.web.programs.key_changes import KEY_ID, read_calls
from webapp.web.programs.pages import KeyView, ListKeys, NewKey, RevokeKey
from webapp.web.words.formats import reader_zone


@programs.get("/api-keys")
@needs(Permission.MANAGE_KEYS)
def list_keys() -> ResponseReturnValue:
    name, secret = shown_once("new_key") or (None, None)
    keys = [
        KeyView(key, owner, api_keys.standing_of(key, owner)) for key, owner in api_keys.list_keys()
    ]
    return ListKeys(keys=keys, name=name, secret=secret, usual=_usual_limit())


def _usual_limit() -> int:
    return int(current_app.config["CALLS_PER_MINUTE"])


@programs.get("/api-keys/new")
@needs(Permission.MANAGE_KEYS, fresh=True)
def new_key() -> ResponseReturnValue:
    return NewKey(form=KeyForm(drafts.restored()), usual=_usual_limit())


@programs.post("/api-keys/new")
@needs(Permission.MANAGE_KEYS, fresh=True)
@carried_once
def create_key() -> ResponseReturnValue:
    form = KeyForm(request.form)
    try:
        expires_at = _end_of_day(form.submitted["expires_on"] or "")
        key, secret = api_keys.create_key(
            name=form.submitted["name"] or "",
            scopes=form.scopes.data or [],
            expires_at=expires_at,
            calls_per_minute=read_calls(form.submitted["calls_per_minute"] or ""),
            by=actor(),
        )
    except Invalid as refusal:
        form.show(refusal)
        return refused(NewKey(form=form, usual=_usual_limit()), refusal)
    drafts.forget()
    session["new_key"] = [None, [key.name, secret]]
    return go_to(url_for("programs.list_keys"))


def _end_of_day(text: str) -> datetime | None:
    """The last moment of a day in the reader's zone."""
    if not text:
        return None
    try:
        day = clock.read_day(text)
        return datetime.combine(day, time.max, reader_zone()).astimezone(clock.EPOCH.tzinfo)
    except (ValueError, OverflowError):
        raise InvalidDetails.on("expires_on", "This is not a day") from None


@programs.get(f"/api-keys/{KEY_ID}/revoke")
@needs(Permission.MANAGE_KEYS, fresh=True)
def ask_to_revoke(key_id: int) -> ResponseReturnValue:
    return RevokeKey(key=api_keys.get_key(key_id))


@programs.post(f"/api-keys/{KEY_ID}/revoke")
@needs(Permission.MANAGE_KEYS, fresh=True)
def revoke_key(key_id: int) -> ResponseReturnValue:
    key = api_keys.revoke_key(key_id, by=actor())
    flash_success(f"The key {key.name} is revoked; its next call is refused.")
    return go_to(url_for("programs.list_keys"))
