"""Telling two records apart that look alike."""

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from webapp.customers.changes import NoCustomerWithId
from webapp.http.doors import needs
from webapp.lookalikes import distinct
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.addresses import address_of
from webapp.web.customers.show import drawn_anew
from webapp.web.frame.auth import actor
from webapp.web.frame.htmx import flash_success, go_to, toast, wants_fragment
from webapp.web.frame.return_to import Where, asked_return


@blacklist.post("/customers/<uuid:customer_id>/apart")
@needs(Permission.BLACKLIST)
def mark_distinct(customer_id: UUID) -> ResponseReturnValue:
    customer, other = distinct.mark_distinct(customer_id, _other(), by=actor())
    names = f"{customer.full_name} and {other.full_name}"
    message = f"{names} are two people. The history of both says so."
    place = asked_return()
    if wants_fragment() and place.where is not Where.LOOKALIKES:
        return drawn_anew(customer_id, place) + toast(message, kind="success")
    flash_success(message)
    return go_to(address_of(place, customer_id))


def _other() -> UUID:
    try:
        return UUID(request.form.get("other", ""))
    except ValueError:
        raise NoCustomerWithId from None
