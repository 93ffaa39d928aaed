"""The page of a webhook: what was sent, tried, and sent again."""

from datetime import datetime

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.http.doors import needs
from webapp.kernel import clock
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Conflict, Invalid, InvalidAddress, InvalidDetails
from webapp.programs.change_feed import end_of_feed
from webapp.programs.webhooks import deliveries, endpoints
from webapp.programs.webhooks.deliveries import Which
from webapp.programs.webhooks.due import count_waiting
from webapp.staff.permissions import Permission
from webapp.web.frame.auth import actor
from webapp.web.frame.drafts import carried
from webapp.web.frame.histories import asked_history
from webapp.web.frame.htmx import flash_success, go_to, refused
from webapp.web.frame.session_cookie import shown_once
from webapp.web.programs import programs
from webapp.web.programs.forms import SinceForm
from webapp.web.programs.pages import ShowWebhook
from webapp.web.programs.webhooks import MOST_COUNTED, WEBHOOK
from webapp.web.words.formats import reader_zone

SHOWN = 50


@programs.get(f"/webhooks/{WEBHOOK}")
@needs(Permission.MANAGE_WEBHOOKS)
def show_webhook(endpoint_id: int) -> ResponseReturnValue:
    return _page(endpoint_id, SinceForm(None))


def _page(
    endpoint_id: int, form: SinceForm, refusal: Invalid | Conflict | None = None
) -> ShowWebhook:
    end = end_of_feed()  # before the rest: it may end the transaction
    one, which = endpoints.get_endpoint(endpoint_id), _asked_which()
    older_than = parse_int(request.args.get("older"), least=1)
    some = deliveries.deliveries(endpoint_id, which, limit=SHOWN + 1, before=older_than)
    last = some[SHOWN - 1].seq if len(some) > SHOWN else None
    here = url_for("programs.show_webhook", endpoint_id=endpoint_id)
    following = url_for(
        "programs.show_webhook", endpoint_id=endpoint_id, show=which.value or None, older=last
    )
    return ShowWebhook(
        one=one,
        secret=shown_once("new_secret", one.id),
        which=which,
        deliveries=some[:SHOWN],
        more=following if last else None,
        waiting=count_waiting(endpoint_id, cap=MOST_COUNTED),
        behind=deliveries.number_behind(one, end),
        form=form,
        refusal=refusal,
        history=asked_history(one.subject, here),
    )


def _asked_which() -> Which:
    try:
        return Which(request.args.get("show", ""))
    except ValueError:
        raise InvalidAddress({"show": ["There is no such list"]}) from None


@programs.post(f"/webhooks/{WEBHOOK}/test")
@needs(Permission.MANAGE_WEBHOOKS)
def send_test(endpoint_id: int) -> ResponseReturnValue:
    deliveries.send_test(endpoint_id)
    flash_success("A test is on its way. Look at this page again in a moment.")
    return _back(endpoint_id)


@programs.post(f"/webhooks/{WEBHOOK}/deliveries/<int(max=9223372036854775807):delivery_seq>")
@needs(Permission.MANAGE_WEBHOOKS)
def send_again(endpoint_id: int, delivery_seq: int) -> ResponseReturnValue:
    deliveries.send_again(endpoint_id, delivery_seq)
    flash_success("It is sent again. Look at this page again in a moment.")
    return _back(endpoint_id)


@programs.post(f"/webhooks/{WEBHOOK}/since")
@needs(Permission.MANAGE_WEBHOOKS)
@carried
def send_all_since(endpoint_id: int) -> ResponseReturnValue:
    form = SinceForm(request.form)
    try:
        since = _read_moment(form.submitted["since"] or "")
        deliveries.send_all_since(endpoint_id, since, by=actor())
    except (Invalid, Conflict) as refusal:
        form.show(refusal)
        return refused(_page(endpoint_id, form, refusal), refusal)
    flash_success("All that happened since then is sent again, in order.")
    return _back(endpoint_id)


def _read_moment(text: str) -> datetime:
    try:
        return clock.read_moment(text, reader_zone())
    except (ValueError, OverflowError):
        raise InvalidDetails.on("since", "Write a day and a time") from None


def _back(endpoint_id: int) -> ResponseReturnValue:
    return go_to(url_for("programs.show_webhook", endpoint_id=endpoint_id))
