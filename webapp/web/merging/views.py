"""Merging two customers: name the other, choose what stays, look at the result, say why."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.customers import finding
from webapp.customers.changes import CustomerMerged, NoCustomerWithId, NoSuchCustomer
from webapp.customers.models import Customer
from webapp.http.doors import needs
from webapp.kernel.refusals import Conflict, Invalid, InvalidDetails, NotFound
from webapp.lookalikes.distinct import OneRecord, is_told_apart
from webapp.merging.merging import merge
from webapp.merging.pair import OtherVersion
from webapp.merging.requests import MergeIsAsked
from webapp.merging.result import read_choices, result_of
from webapp.staff.permissions import Permission
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor
from webapp.web.frame.drafts import carried
from webapp.web.frame.htmx import flash_notice, flash_success, go_to, refused, wants_fragment
from webapp.web.frame.pages import Undo
from webapp.web.frame.reading_budget import count_read
from webapp.web.merging import merging
from webapp.web.merging.forms import ONE, TWO, MergeForm, OtherForm, newer_first
from webapp.web.merging.pages import NameOther, NewMerge, Result

AT_ONCE = "Undone right after the merge."


@merging.get("/customers/<uuid:customer_id>/merge")
@needs(Permission.MERGE_CUSTOMERS)
def new_merge(customer_id: UUID) -> ResponseReturnValue:
    customer = _living(customer_id)
    if "other" not in request.args:
        return NameOther(form=OtherForm(None), customer=customer)
    other = _living(_other())
    if other is customer:
        raise OneRecord
    count_read(2)
    form = MergeForm.offered(customer, other)
    typed = drafts.restored()
    return _page(MergeForm(typed) if typed else form, customer, other)


@merging.post("/customers/<uuid:customer_id>/merge-with")
@needs(Permission.MERGE_CUSTOMERS)
@carried
def name_other(customer_id: UUID) -> ResponseReturnValue:
    """Find the other customer by what was typed, which no address may contain."""
    form, customer = OtherForm(request.form), _living(customer_id)
    try:
        other = finding.get_by_handle((form.submitted["handle"] or "").strip())
        if other is customer:
            raise InvalidDetails.on("handle", "This is the same customer; enter the other one")
    except (Invalid, NotFound) as refusal:
        invalid = refusal if isinstance(refusal, Invalid) else _unknown()
        form.show(invalid)
        return refused(NameOther(form=form, customer=customer, refusal=invalid), invalid)
    drafts.forget()
    return go_to(url_for("merging.new_merge", customer_id=customer_id, other=other.id))


def _unknown() -> InvalidDetails:
    return InvalidDetails.on("handle", f"{NoSuchCustomer.sentence}; look at each letter again")


@merging.post("/customers/<uuid:customer_id>/merge/result")
@needs(Permission.MERGE_CUSTOMERS)
@carried
def show_result(customer_id: UUID) -> ResponseReturnValue:
    """The result of what is chosen so far."""
    form, customer, other = MergeForm(request.form), _living(customer_id), _living(_other())
    page = _page(form, customer, other)
    if wants_fragment():
        return Result(survivor=page.survivor, details=page.details)
    return page


@merging.post("/customers/<uuid:customer_id>/merge")
@needs(Permission.MERGE_CUSTOMERS)
@carried
def merge_customers(customer_id: UUID) -> ResponseReturnValue:
    form, customer, other = MergeForm(request.form), _living(customer_id), _living(_other())
    is_swapped = form.survivor.data == TWO
    survivor, leaving = (other, customer) if is_swapped else (customer, other)
    seen = form.versions
    try:
        done = merge(
            survivor.id,
            leaving.id,
            choices=form.choices(is_swapped=is_swapped),
            note=form.submitted["note"] or "",
            seen=seen[::-1] if seen and is_swapped else seen,
            by=actor(),
        )
    except (OtherVersion, MergeIsAsked) as refusal:
        form.seen.data = f"{customer.version} {other.version}"
        return refused(_page(form, _living(customer_id), _living(_other()), refusal), refusal)
    except Invalid as refusal:
        form.show(refusal)
        return refused(_page(form, customer, other, refusal), refusal)
    drafts.forget()
    names = f"{leaving.reference} into {survivor.reference}"
    if done.request:
        flash_notice(f"You asked to merge {names}. Another manager must agree.")
    else:
        undo = Undo(url_for("merging.undo_merge", record_id=leaving.id), {"note": AT_ONCE})
        flash_success(f"You merged {names}.", undo=undo)
    return go_to(url_for("customers.show_customer", customer_id=survivor.id))


def _living(customer_id: UUID) -> Customer:
    """The customer with this very id.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `customer_merged`.
    """
    customer = finding.get_customer(customer_id)
    if customer.id != customer_id:
        raise CustomerMerged(customer)
    return customer


def _other() -> UUID:
    try:
        return UUID(request.values.get("other", ""))
    except ValueError:
        raise NoCustomerWithId from None


def _page(
    form: MergeForm, customer: Customer, other: Customer, refusal: Invalid | Conflict | None = None
) -> NewMerge:
    is_swapped = form.survivor.data == TWO
    survivor, leaving = (other, customer) if is_swapped else (customer, other)
    try:
        choices = read_choices(form.choices(is_swapped=is_swapped), survivor, leaving)
    except Invalid:
        choices = read_choices({}, survivor, leaving)
    return NewMerge(
        form=form,
        refusal=refusal,
        people={ONE: customer, TWO: other},
        sides=newer_first(customer, other),
        survivor=survivor,
        details=result_of(survivor, leaving, choices),
        told_apart=is_told_apart(customer, other),
    )
