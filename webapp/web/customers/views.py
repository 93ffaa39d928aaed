"""The page of one customer."""

from datetime import datetime
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.blacklist.as_of import MergedThen
from webapp.customers import finding, merged
from webapp.customers.changes import CustomerDeleted
from webapp.customers.models import Customer
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
    if at is None and customer.id != customer_id:
        return redirect(url_for("customers.show_customer", customer_id=customer.id))
    note_viewed(customer)
    return _as_it_was(customer_id, customer, at) if at else show.as_it_is(customer)


def _as_it_was(customer_id: UUID, customer: Customer, at: datetime) -> ResponseReturnValue:
    """The record with this very id as of a moment; where it was merged by then, its survivor."""
    record = merged.find_merged(customer_id)
    try:
        return show.as_it_was(merged.as_customer(record) if record else customer, at)
    except MergedThen as then:
        moment = clock.in_iso(at)
        return redirect(url_for("customers.show_customer", customer_id=then.survivor_id, at=moment))


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
