"""Pages on which an admin changes a key that is in use: its limit, its owner, its secret."""

from flask import current_app, request, session, url_for
from flask.typing import ResponseReturnValue

from webapp.http.doors import needs
from webapp.kernel.database import writing
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Conflict, Invalid, InvalidDetails
from webapp.programs import api_keys, key_changes
from webapp.programs.api_keys import TOO_MANY_CALLS
from webapp.staff import members
from webapp.staff.models import ApiKey
from webapp.staff.permissions import Permission
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor
from webapp.web.frame.drafts import carried, carried_once
from webapp.web.frame.htmx import flash_success, go_to, refused
from webapp.web.programs import programs
from webapp.web.programs.forms import EditKeyForm, RollKeyForm
from webapp.web.programs.pages import EditKey, RollKey

MAX_NUMBER = 2**31 - 1
KEY_ID = "<int(max=2147483647):key_id>"


@programs.get(f"/api-keys/{KEY_ID}/edit")
@needs(Permission.MANAGE_KEYS, fresh=True)
def edit_key(key_id: int) -> ResponseReturnValue:
    key = api_keys.get_key(key_id)
    owner = str(key.owner_id or "")
    form = EditKeyForm(drafts.restored(), owner=owner, calls_per_minute=key.calls_per_minute or "")
    return _edit_page(form, key)


def _edit_page(
    form: EditKeyForm, key: ApiKey, refusal: Invalid | Conflict | None = None
) -> EditKey:
    form.offer(members.list_members(), now=key.owner_id)
    usual = current_app.config["CALLS_PER_MINUTE"]
    return EditKey(form=form, key=key, usual=usual, refusal=refusal)


@programs.post(f"/api-keys/{KEY_ID}/edit")
@needs(Permission.MANAGE_KEYS, fresh=True)
@carried
def change_key(key_id: int) -> ResponseReturnValue:
    form = EditKeyForm(request.form)
    try:
        calls = read_calls(form.submitted["calls_per_minute"] or "")
        owner_id = _read_owner(form.submitted["owner"] or "")
        with writing():
            key = key_changes.set_limit(key_id, calls_per_minute=calls, by=actor())
            if owner_id:
                key_changes.hand_over(key_id, owner_id=owner_id, by=actor())
    except (Invalid, Conflict) as refusal:
        form.show(refusal)
        return refused(_edit_page(form, api_keys.get_key(key_id), refusal), refusal)
    drafts.forget()
    flash_success(f"The key {key.name} is saved.")
    return go_to(url_for("programs.list_keys"))


def _read_owner(text: str) -> int | None:
    owner_id = parse_int(text, least=1, most=MAX_NUMBER) if text else None
    if text and owner_id is None:
        raise InvalidDetails.on("owner", "Choose somebody who works here")
    return owner_id


def read_calls(text: str) -> int | None:
    """A limit that was typed; `None` if it was left empty.

    Raises:
        Invalid: `invalid_details`, on `calls_per_minute`.
    """
    if not text.strip():
        return None
    calls = parse_int(text.strip(), least=1)
    if calls is None:
        raise InvalidDetails.on("calls_per_minute", TOO_MANY_CALLS)
    return calls


@programs.get(f"/api-keys/{KEY_ID}/secret")
@needs(Permission.MANAGE_KEYS, fresh=True)
def ask_to_roll_key(key_id: int) -> ResponseReturnValue:
    return RollKey(form=RollKeyForm(drafts.restored(), hours="24"), key=api_keys.get_key(key_id))


@programs.post(f"/api-keys/{KEY_ID}/secret")
@needs(Permission.MANAGE_KEYS, fresh=True)
@carried_once
def roll_key(key_id: int) -> ResponseReturnValue:
    form = RollKeyForm(request.form)
    hours = parse_int(form.submitted["hours"] or "", least=0)
    try:
        if hours is None:
            raise InvalidDetails.on("hours", "Choose how long the old secret stays good")
        key, secret = key_changes.roll_key(key_id, hours=hours, by=actor())
    except (Invalid, Conflict) as refusal:
        form.show(refusal)
        page = RollKey(form=form, key=api_keys.get_key(key_id), refusal=refusal)
        return refused(page, refusal)
    drafts.forget()
    session["new_key"] = [None, [key.name, secret]]
    return go_to(url_for("programs.list_keys"))
