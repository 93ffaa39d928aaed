"""Deleting a customer: a page that says what will go and what stays, and the deed."""

from uuid import UUID

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.customers import deletion, directory
from webapp.customers.models import Tombstone
from webapp.http import needs
from webapp.pages import pages
from webapp.pages.doorway import actor
from webapp.pages.fragments import flash_notice, flash_success, go_to
from webapp.staff.access import Permission


@pages.get("/customers/<uuid:customer_id>/delete")
@needs(Permission.DELETE_CUSTOMERS, fresh=True)
def ask_to_delete(customer_id: UUID) -> ResponseReturnValue:
    customer = directory.get_customer(customer_id)
    refusal = deletion.refusal_to_delete(customer, by=actor())
    return render_template("customers/delete_customer.html", customer=customer, refusal=refusal)


@pages.post("/customers/<uuid:customer_id>/delete")
@needs(Permission.DELETE_CUSTOMERS, fresh=True)
def delete_customer(customer_id: UUID) -> ResponseReturnValue:
    done = deletion.delete_customer(customer_id, by=actor(), daily_budget=current_app.config["DELETIONS_PER_DAY"])
    if isinstance(done, Tombstone):
        flash_success(f"The customer {done.reference} is deleted.")
    else:
        flash_notice("You have deleted as many as one person may in a day. Another manager must agree to this one.")
    return go_to(url_for("pages.show_customer", customer_id=customer_id))
