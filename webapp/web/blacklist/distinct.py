"""Marking two customers as different people, and comparing them again, from the page of one."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.customers import finding
from webapp.customers.changes import NoCustomerWithId
from webapp.http.doors import needs
from webapp.kernel.refusals import Invalid
from webapp.lookalikes import distinct
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.answer import answer, answer_form
from webapp.web.blacklist.forms import MarkForm
from webapp.web.blacklist.pages import MarkDistinct
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor
from webapp.web.frame.drafts import carried
from webapp.web.frame.pages import Undo
from webapp.web.frame.return_to import asked_return


@blacklist.get("/customers/<uuid:customer_id>/apart")
@needs(Permission.BLACKLIST)
def new_mark(customer_id: UUID) -> ResponseReturnValue:
    customer, other = finding.get_customer(customer_id), finding.get_customer(_other())
    place = asked_return().sealed()
    form = MarkForm(drafts.restored(), return_to=place, other=str(other.id))
    return answer_form(MarkDistinct(form=form, customer=customer, other=other))


@blacklist.post("/customers/<uuid:customer_id>/apart")
@needs(Permission.BLACKLIST)
@carried
def mark_distinct(customer_id: UUID) -> ResponseReturnValue:
    form, customer = MarkForm(request.form), finding.get_customer(customer_id)
    other_id = _other()
    try:
        note = form.submitted["note"] or ""
        other, pair = distinct.mark_distinct(customer_id, other_id, note=note, by=actor())
    except Invalid as refusal:
        form.show(refusal)
        other = finding.get_customer(other_id)
        page = MarkDistinct(form=form, customer=customer, other=other, refusal=refusal)
        return answer_form(page)
    drafts.forget()
    names = f"{customer.full_name} and {other.full_name}"
    message = f"{names} are marked as different people."
    if pair.waits_from:
        message = f"You marked {names} as different people. A manager must agree."
    address = url_for("blacklist.compare_again", customer_id=customer_id)
    undo = Undo(address, {"other": str(other_id), "return_to": asked_return().sealed()})
    return answer(customer, message, kind="success", undo=undo)


@blacklist.post("/customers/<uuid:customer_id>/compare-again")
@needs(Permission.BLACKLIST)
def compare_again(customer_id: UUID) -> ResponseReturnValue:
    other = distinct.compare_again(customer_id, _other(), by=actor())
    customer = finding.get_customer(customer_id)
    names = f"{customer.full_name} and {other.full_name}"
    return answer(customer, f"{names} are compared again.", kind="success")


def _other() -> UUID:
    try:
        return UUID(request.values.get("other", ""))
    except ValueError:
        raise NoCustomerWithId from None
