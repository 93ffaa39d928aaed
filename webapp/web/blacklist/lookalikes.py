"""Telling two records apart that look alike."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.http.doors import needs
from webapp.kernel.refusals import NotFound
from webapp.lookalikes import distinct
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.customers.show import FROM_THE_QUEUE, shown_again
from webapp.web.frame.auth import actor
from webapp.web.frame.htmx import flash_success, go_to, toast, wants_fragment

FROM_LOOKALIKES = "lookalikes"


@blacklist.post("/customers/<uuid:customer_id>/apart")
@needs(Permission.BLACKLIST)
def mark_distinct(customer_id: UUID) -> ResponseReturnValue:
    customer, other = distinct.mark_distinct(customer_id, _other(), by=actor())
    message = (
        f"{customer.full_name} and {other.full_name} are two people. The history of both says so."
    )
    place = request.form.get("place", "")
    if wants_fragment() and place != FROM_LOOKALIKES:
        shown = shown_again(customer_id, FROM_THE_QUEUE if place == FROM_THE_QUEUE else "")
        return shown + toast(message, kind="success")
    flash_success(message)
    if place == FROM_LOOKALIKES:
        return go_to(url_for("blacklist.list_lookalikes"))
    return go_to(url_for("customers.show_customer", customer_id=customer_id))


def _other() -> UUID:
    try:
        return UUID(request.form.get("other", ""))
    except ValueError:
        raise NotFound("customer_not_found", "There is no customer with this id") from None
