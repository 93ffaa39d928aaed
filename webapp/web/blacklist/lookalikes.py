"""Similar customers: the list for managers, and marking two as different people."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.customers.changes import NoCustomerWithId
from webapp.http.doors import needs
from webapp.kernel.fields import parse_int
from webapp.lookalikes import distinct, pairs
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.addresses import address_of
from webapp.web.blacklist.pages import ListLookalikes
from webapp.web.customers.show import drawn_anew
from webapp.web.frame.auth import actor
from webapp.web.frame.htmx import flash_success, go_to, toast, wants_fragment
from webapp.web.frame.reading_budget import count_read
from webapp.web.frame.return_to import ReturnTo, Where, asked_return

MATCHES_SHOWN = 50
MAX_COUNTED = 1_000


@blacklist.get("/review/lookalikes")
@needs(Permission.REVIEW)
def list_lookalikes() -> ResponseReturnValue:
    total = pairs.count_matches(cap=MAX_COUNTED)
    number = (
        parse_int(request.args.get("page"), least=1, most=-(-max(total, 1) // MATCHES_SHOWN)) or 1
    )
    matches = pairs.matches(limit=MATCHES_SHOWN, offset=(number - 1) * MATCHES_SHOWN)
    count_read(2 * len(matches))
    more = (
        url_for("blacklist.list_lookalikes", page=number + 1)
        if total > number * MATCHES_SHOWN
        else None
    )
    return ListLookalikes(matches=matches, more=more, return_to=ReturnTo(Where.LOOKALIKES).sealed())


@blacklist.post("/customers/<uuid:customer_id>/apart")
@needs(Permission.BLACKLIST)
def mark_distinct(customer_id: UUID) -> ResponseReturnValue:
    customer, other = distinct.mark_distinct(customer_id, _other(), by=actor())
    names = f"{customer.full_name} and {other.full_name}"
    message = f"{names} are marked as different people. The history of both shows it."
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
