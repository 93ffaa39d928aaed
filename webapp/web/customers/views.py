"""The page of one customer."""

from datetime import datetime
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from webapp.customers import finding
from webapp.customers.changes import CustomerDeleted
from webapp.http.doors import needs
from webapp.kernel import clock
from webapp.kernel.refusals import InvalidAddress
from webapp.staff.permissions import Permission
from webapp.web.customers import customers, show
from webapp.web.frame.reading_budget import count_read
from webapp.web.search.recently_viewed import note_viewed
from webapp.web.words.formats import reader_zone


@customers.get("/customers/<uuid:customer_id>")
@needs(Permission.SEE_CUSTOMERS)
def show_customer(customer_id: UUID) -> ResponseReturnValue:
    try:
        customer = finding.get_customer(customer_id)
    except CustomerDeleted as deleted:
        return show.what_is_left(deleted.tombstone).response(410)
    count_read(1)
    at = asked_moment()
    note_viewed(customer)
    return show.as_it_was(customer, at) if at else show.as_it_is(customer)


def asked_moment() -> datetime | None:
    """The past moment that the address asks about; the present and the future do not count.

    Raises:
        Invalid: `invalid_query`, when the address names no moment.
    """
    text = request.args.get("at", "")
    try:
        at = clock.read_moment(text, reader_zone()) if text else None
    except (ValueError, OverflowError):
        problems = {"at": ["It must be a date and time, such as 2026-05-03T14:00Z"]}
        raise InvalidAddress(problems) from None
    return at if at and at < clock.now() else None
