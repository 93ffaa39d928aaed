"""Answers of the forms about a customer's standing: the form again, or what was done."""

from flask import url_for
from flask.typing import ResponseReturnValue

from webapp.customers.changes import CustomerDeleted
from webapp.customers.models import Customer
from webapp.web.blacklist.addresses import address_of
from webapp.web.customers.show import drawn_anew
from webapp.web.frame.htmx import (
    close_dialog,
    dialog,
    flash_notice,
    flash_outcome,
    go_to,
    refused,
    toast,
    wants_fragment,
    whole_or_part,
)
from webapp.web.frame.pages import FormPage, Undo
from webapp.web.frame.return_to import asked_return


def answer_form(page: FormPage) -> ResponseReturnValue:
    """The form, on a page of its own or in a dialog; in the latter, a refusal redraws it alone."""
    if page.refusal:
        return refused(whole_or_part(page), page.refusal)
    return dialog(page) if wants_fragment() else page


def answer(
    customer: Customer, message: str, *, kind: str, undo: Undo | None = None
) -> ResponseReturnValue:
    """Say what was done, and show the customer's present standing."""
    place = asked_return()
    if wants_fragment():
        try:
            anew = drawn_anew(customer.id, place)
            return close_dialog() + anew + toast(message, kind=kind, undo=undo)
        except CustomerDeleted:
            flash_notice(message)
            return go_to(url_for("customers.show_customer", customer_id=customer.id))
    flash_outcome(message, kind=kind)
    return go_to(address_of(place, customer.id))
