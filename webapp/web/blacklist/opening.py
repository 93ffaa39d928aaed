"""Blacklisting a customer, taking it back, and lifting it: from their page or their row, in a
dialog or on a page.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.blacklist import four_eyes, opening, review
from webapp.blacklist.case import find_open
from webapp.blacklist.models import REASON_NAMES, Blacklisting
from webapp.customers import finding
from webapp.customers.changes import CustomerDeleted
from webapp.customers.models import Customer
from webapp.http.doors import needs, status_of
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Conflict, Invalid, Refusal
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.addresses import FILTERS, queue_url, wanted_in_queue
from webapp.web.customers.show import FROM_THE_QUEUE, PLACES, shown_again
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor
from webapp.web.frame.forms import BlacklistingForm, LiftForm
from webapp.web.frame.htmx import (
    close_dialog,
    dialog,
    flash_notice,
    flash_success,
    go_to,
    toast,
    wants_fragment,
)
from webapp.web.frame.jinja import moment


@blacklist.get("/customers/<uuid:customer_id>/blacklisting")
@needs(Permission.BLACKLIST)
def new_blacklisting(customer_id: UUID) -> ResponseReturnValue:
    customer = finding.get_customer(customer_id)
    case = find_open(customer)
    if case:
        return _answer(customer, _who_was_first(customer, case), kind="notice")
    return _ask("blacklist_customer", BlacklistingForm(drafts.restored(), place=_place()), customer)


@blacklist.post("/customers/<uuid:customer_id>/blacklisting")
@needs(Permission.BLACKLIST)
def blacklist_customer(customer_id: UUID) -> ResponseReturnValue:
    form, customer = BlacklistingForm(request.form), finding.get_customer(customer_id)
    try:
        opened = opening.open_case(
            customer_id,
            reason=form.submitted["reason"] or "",
            note=form.submitted["note"] or "",
            evidence=form.submitted["evidence"] or "",
            by=actor(),
        )
    except Invalid as refusal:
        return _ask("blacklist_customer", form, customer, refusal)
    drafts.forget()
    if not opened.is_new:
        lost = f" Your note was not kept: “{form.note.data}”" if form.note.data else ""
        return _answer(customer, _who_was_first(customer, opened.case) + lost, kind="notice")
    return _answer(
        customer, f"{customer.full_name} is blacklisted.", kind="success", can_undo=opened.case
    )


def _place() -> str:
    """Where the request came from, as far as we know such a place."""
    place = request.values.get("place", "")
    return place if place in PLACES else ""


def _who_was_first(customer: Customer, case: Blacklisting) -> str:
    when, reason = moment(case.opened_at), REASON_NAMES[case.reason]
    return (
        f"{case.opened_by_name} blacklisted {customer.full_name} already, on {when}: {reason}. "
        "That stands."
    )


@blacklist.post("/customers/<uuid:customer_id>/blacklisting/undo")
@needs(Permission.BLACKLIST)
def undo_blacklisting(customer_id: UUID) -> ResponseReturnValue:
    customer = opening.undo(customer_id, case_seq=parse_int(request.form.get("case")), by=actor())
    return _answer(
        customer, f"The blacklisting of {customer.full_name} is taken back.", kind="success"
    )


@blacklist.get("/customers/<uuid:customer_id>/blacklisting/lift")
@needs(Permission.REVIEW)
def ask_to_lift(customer_id: UUID) -> ResponseReturnValue:
    return _ask_about_case(
        "lift_blacklisting", customer_id, lambda case: four_eyes.refusal_to_lift(case, by=actor())
    )


@blacklist.post("/customers/<uuid:customer_id>/blacklisting/lift")
@needs(Permission.REVIEW)
def lift_blacklisting(customer_id: UUID) -> ResponseReturnValue:
    return _carry_out(
        "lift_blacklisting", customer_id, review.lift, "The blacklisting of {} is lifted."
    )


@blacklist.get("/customers/<uuid:customer_id>/blacklisting/ask-for-lift")
@needs(Permission.BLACKLIST)
def new_lift_request(customer_id: UUID) -> ResponseReturnValue:
    return _ask_about_case("ask_for_lift", customer_id, opening.refusal_to_ask)


@blacklist.post("/customers/<uuid:customer_id>/blacklisting/ask-for-lift")
@needs(Permission.BLACKLIST)
def ask_for_lift(customer_id: UUID) -> ResponseReturnValue:
    message = "The managers are asked to lift the blacklisting of {}."
    return _carry_out("ask_for_lift", customer_id, opening.ask_for_lift, message)


def _ask_about_case(
    view: str, customer_id: UUID, refusal_to: Callable[[Blacklisting], Conflict | None]
) -> ResponseReturnValue:
    """The form about the open case, or why there is nothing to ask."""
    customer = finding.get_customer(customer_id)
    case = find_open(customer)
    refusal = (
        refusal_to(case)
        if case
        else Conflict("not_blacklisted", f"{customer.full_name} is not blacklisted")
    )
    if refusal or not case:
        return _answer(customer, refusal.message if refusal else "", kind="notice")
    return _ask(view, LiftForm(drafts.restored(), place=_place(), case=str(case.seq)), customer)


def _carry_out(
    view: str, customer_id: UUID, deed: Callable[..., Customer], message: str
) -> ResponseReturnValue:
    """Do what a form about a case asks for; a refused one comes back."""
    form, customer = LiftForm(request.form), finding.get_customer(customer_id)
    try:
        seen, note = parse_int(form.case.data), form.submitted["note"] or ""
        customer = deed(customer_id, case_seq=seen, note=note, by=actor())
    except (Invalid, Conflict) as refusal:
        return _ask(view, form, customer, refusal)
    drafts.forget()
    return _answer(customer, message.format(customer.full_name), kind="success")


def _ask(
    view: str, form: BlacklistingForm | LiftForm, customer: Customer, refusal: Refusal | None = None
) -> ResponseReturnValue:
    """The form: on a page of its own, or in a dialog, where a refused one comes back alone."""
    if refusal:
        form.show(refusal)
    asked: dict[str, Any] = {
        "form": form,
        "customer": customer,
        "refusal": refusal,
        "case": find_open(customer),
        "in_dialog": wants_fragment(),
        "kept": {
            name: request.values[name]
            for name in (*FILTERS, "following")
            if request.values.get(name)
        },
    }
    status = status_of(refusal) if refusal else 200
    if not wants_fragment():
        return render_template(f"blacklisting/{view}.html", **asked), status
    if refusal:
        return render_template(f"blacklisting/_{view}_form.html", **asked), status
    return dialog(f"blacklisting/_{view}_dialog.html", **asked)


def _answer(
    customer: Customer, message: str, *, kind: str, can_undo: Blacklisting | None = None
) -> ResponseReturnValue:
    """Say what was done, and show how the customer stands now."""
    address = url_for("customers.show_customer", customer_id=customer.id)
    if wants_fragment():
        undo = (
            {"address": f"{address}/blacklisting/undo", "fields": {"case": can_undo.seq}}
            if can_undo
            else None
        )
        try:
            return (
                close_dialog()
                + shown_again(customer.id, _place())
                + toast(message, kind=kind, undo=undo, place=_place())
            )
        except CustomerDeleted:
            flash_notice(message)
            return go_to(address)
    (flash_success if kind == "success" else flash_notice)(message)
    following = parse_int(request.values.get("following"))
    return go_to(
        queue_url(wanted_in_queue(), case_seq=following) if _place() == FROM_THE_QUEUE else address
    )
