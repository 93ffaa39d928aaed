"""Deleting a customer: a page that says what will go and what stays, and the deletion."""

from uuid import UUID

from flask import current_app, url_for
from flask.typing import ResponseReturnValue

from webapp.customers import erase, finding
from webapp.customers.models import Tombstone
from webapp.http.doors import needs
from webapp.staff.permissions import Permission
from webapp.web.customers import customers
from webapp.web.customers.pages import DeleteCustomer
from webapp.web.frame.auth import actor
from webapp.web.frame.htmx import flash_notice, flash_success, go_to


@customers.get("/customers/<uuid:customer_id>/delete")
@needs(Permission.DELETE_CUSTOMERS, fresh=True)
def ask_to_delete(customer_id: UUID) -> ResponseReturnValue:
    customer = finding.get_customer(customer_id)
    refusal = erase.refusal_to_delete(customer, by=actor())
    return DeleteCustomer(customer=customer, refusal=refusal)


@customers.post("/customers/<uuid:customer_id>/delete")
@needs(Permission.DELETE_CUSTOMERS, fresh=True)
def delete_customer(customer_id: UUID) -> ResponseReturnValue:
    done = erase.delete_customer(
        customer_id, by=actor(), daily_budget=current_app.config["DELETIONS_PER_DAY"]
    )
    if isinstance(done, Tombstone):
        flash_success(f"The customer {done.reference} is deleted.")
    else:
        flash_notice(
            "You have deleted as many as one person may in a day. Another manager must "
            "agree to this one."
        )
    return go_to(url_for("customers.show_customer", customer_id=customer_id))
