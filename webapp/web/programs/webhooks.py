"""Pages on which an admin says where changes are sent."""

from typing import Any

from flask import request, session, url_for
from flask.typing import ResponseReturnValue

from webapp.http.doors import may_reach_loopback, needs
from webapp.kernel.refusals import Conflict, Invalid
from webapp.programs.webhooks import endpoints
from webapp.programs.webhooks.due import count_waiting
from webapp.programs.webhooks.models import WebhookEndpoint
from webapp.staff.permissions import Permission
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor
from webapp.web.frame.drafts import carried, carried_once
from webapp.web.frame.htmx import flash_success, go_to, refused
from webapp.web.programs import programs
from webapp.web.programs.forms import WebhookForm
from webapp.web.programs.pages import (
    EditWebhook,
    ListWebhooks,
    NewWebhook,
    RemoveWebhook,
    RollSecret,
)

WEBHOOK = "<int(max=9223372036854775807):endpoint_id>"
MOST_COUNTED = 1_000


@programs.get("/webhooks")
@needs(Permission.MANAGE_WEBHOOKS)
def list_webhooks() -> ResponseReturnValue:
    there = endpoints.list_endpoints()
    waiting = {one.id: count_waiting(one.id, cap=MOST_COUNTED) for one in there}
    return ListWebhooks(endpoints=there, waiting=waiting)


@programs.get("/webhooks/new")
@needs(Permission.MANAGE_WEBHOOKS, fresh=True)
def new_webhook() -> ResponseReturnValue:
    return NewWebhook(form=WebhookForm(drafts.restored()))


@programs.post("/webhooks/new")
@needs(Permission.MANAGE_WEBHOOKS, fresh=True)
@carried_once
def add_webhook() -> ResponseReturnValue:
    form = WebhookForm(request.form)
    try:
        one, secret = endpoints.add_endpoint(
            _typed(form), by=actor(), loopback=may_reach_loopback()
        )
    except (Invalid, Conflict) as refusal:
        form.show(refusal)
        return refused(NewWebhook(form=form, refusal=refusal), refusal)
    drafts.forget()
    return _with_secret(one, secret)


def _typed(form: WebhookForm) -> dict[str, Any]:
    raw: dict[str, Any] = {name: form.submitted[name] for name in ("url", "description")}
    return raw | {"kinds": form.kinds.data or []}


def _with_secret(one: WebhookEndpoint, secret: str) -> ResponseReturnValue:
    session["new_secret"] = [one.id, secret]
    return go_to(url_for("programs.show_webhook", endpoint_id=one.id))


@programs.get(f"/webhooks/{WEBHOOK}/edit")
@needs(Permission.MANAGE_WEBHOOKS, fresh=True)
def edit_webhook(endpoint_id: int) -> ResponseReturnValue:
    one = endpoints.get_endpoint(endpoint_id)
    return EditWebhook(form=WebhookForm(drafts.restored(), obj=one), one=one)


@programs.post(f"/webhooks/{WEBHOOK}/edit")
@needs(Permission.MANAGE_WEBHOOKS, fresh=True)
@carried
def change_webhook(endpoint_id: int) -> ResponseReturnValue:
    form = WebhookForm(request.form)
    try:
        one = endpoints.change_endpoint(
            endpoint_id, _typed(form), by=actor(), loopback=may_reach_loopback()
        )
    except Invalid as refusal:
        form.show(refusal)
        page = EditWebhook(form=form, one=endpoints.get_endpoint(endpoint_id))
        return refused(page, refusal)
    drafts.forget()
    flash_success("The webhook is saved.")
    return go_to(url_for("programs.show_webhook", endpoint_id=one.id))


@programs.get(f"/webhooks/{WEBHOOK}/secret")
@needs(Permission.MANAGE_WEBHOOKS, fresh=True)
def ask_to_roll(endpoint_id: int) -> ResponseReturnValue:
    return RollSecret(one=endpoints.get_endpoint(endpoint_id))


@programs.post(f"/webhooks/{WEBHOOK}/secret")
@needs(Permission.MANAGE_WEBHOOKS, fresh=True)
def roll_secret(endpoint_id: int) -> ResponseReturnValue:
    return _with_secret(*endpoints.roll_secret(endpoint_id, by=actor()))


@programs.post(f"/webhooks/{WEBHOOK}/off")
@needs(Permission.MANAGE_WEBHOOKS)
def switch_webhook_off(endpoint_id: int) -> ResponseReturnValue:
    endpoints.switch_off(endpoint_id, by=actor())
    flash_success("The webhook is off. What happens meanwhile is sent when it is on again.")
    return go_to(url_for("programs.show_webhook", endpoint_id=endpoint_id))


@programs.post(f"/webhooks/{WEBHOOK}/on")
@needs(Permission.MANAGE_WEBHOOKS)
def switch_webhook_on(endpoint_id: int) -> ResponseReturnValue:
    endpoints.switch_on(endpoint_id, by=actor())
    flash_success("The webhook is on. What happened meanwhile is sent now.")
    return go_to(url_for("programs.show_webhook", endpoint_id=endpoint_id))


@programs.get(f"/webhooks/{WEBHOOK}/remove")
@needs(Permission.MANAGE_WEBHOOKS, fresh=True)
def ask_to_remove_webhook(endpoint_id: int) -> ResponseReturnValue:
    return RemoveWebhook(one=endpoints.get_endpoint(endpoint_id))


@programs.post(f"/webhooks/{WEBHOOK}/remove")
@needs(Permission.MANAGE_WEBHOOKS, fresh=True)
def remove_webhook(endpoint_id: int) -> ResponseReturnValue:
    endpoints.remove_endpoint(endpoint_id, by=actor())
    flash_success("The webhook is removed; nothing more is sent there.")
    return go_to(url_for("programs.list_webhooks"))
