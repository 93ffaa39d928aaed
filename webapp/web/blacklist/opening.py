"""Blacklisting a customer, undoing that, and lifting it:
from their page or their row, in a dialog or on a page.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.blacklist import opening
from webapp.blacklist.case import NotBlacklisted, find_open
from webapp.blacklist.four_eyes import refusal_to_lift
from webapp.blacklist.models import REASON_NAMES, Blacklisting
from webapp.blacklist.reviewing import review
from webapp.customers import finding
from webapp.customers.models import Customer
from webapp.http.doors import needs
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Conflict, Invalid, Refusal
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.answer import answer, answer_form
from webapp.web.blacklist.forms import BlacklistingForm, LiftForm, note_not_kept
from webapp.web.blacklist.pages import AskForLift, BlacklistCustomer, LiftBlacklisting
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor
from webapp.web.frame.drafts import carried
from webapp.web.frame.pages import Undo
from webapp.web.frame.return_to import asked_return
from webapp.web.words.formats import moment, reader_zone

LiftPage = Callable[[LiftForm, Customer, Refusal | None], LiftBlacklisting | AskForLift]


@blacklist.get("/customers/<uuid:customer_id>/blacklisting")
@needs(Permission.BLACKLIST)
def new_blacklisting(customer_id: UUID) -> ResponseReturnValue:
    customer = finding.get_customer(customer_id)
    case = find_open(customer)
    if case:
        return answer(customer, _who_was_first(customer, case), kind="notice")
    form = BlacklistingForm(drafts.restored(), return_to=asked_return().sealed())
    return answer_form(BlacklistCustomer(form=form, customer=customer))


@blacklist.post("/customers/<uuid:customer_id>/blacklisting")
@needs(Permission.BLACKLIST)
@carried
def blacklist_customer(customer_id: UUID) -> ResponseReturnValue:
    form, customer = BlacklistingForm(request.form), finding.get_customer(customer_id)
    try:
        opened = opening.open_case(
            customer_id,
            reason=form.submitted["reason"] or "",
            note=form.submitted["note"] or "",
            evidence=form.submitted["evidence"] or "",
            until=form.submitted["until"] or "",
            zone=reader_zone(),
            by=actor(),
        )
    except Invalid as refusal:
        form.show(refusal)
        return answer_form(BlacklistCustomer(form=form, customer=customer, refusal=refusal))
    drafts.forget()
    if not opened.is_new:
        first = _who_was_first(customer, opened.case)
        return answer(customer, first + note_not_kept(form), kind="notice")
    return answer(
        customer,
        f"{customer.full_name} is blacklisted.",
        kind="success",
        undo=_undo(customer, opened.case),
    )


def _undo(customer: Customer, case: Blacklisting) -> Undo:
    address = url_for("blacklist.undo_blacklisting", customer_id=customer.id)
    return Undo(address, {"case": str(case.seq), "return_to": asked_return().sealed()})


def _who_was_first(customer: Customer, case: Blacklisting) -> str:
    when, reason = moment(case.opened_at), REASON_NAMES[case.reason]
    return (
        f"{case.opened_by_name} blacklisted {customer.full_name} already, "
        f"on {when}: {reason}. That stands."
    )


@blacklist.post("/customers/<uuid:customer_id>/blacklisting/undo")
@needs(Permission.BLACKLIST)
def undo_blacklisting(customer_id: UUID) -> ResponseReturnValue:
    customer = opening.undo(customer_id, case_seq=parse_int(request.form.get("case")), by=actor())
    return answer(customer, f"The blacklisting of {customer.full_name} is undone.", kind="success")


@blacklist.get("/customers/<uuid:customer_id>/blacklisting/lift")
@needs(Permission.REVIEW)
def ask_to_lift(customer_id: UUID) -> ResponseReturnValue:
    return _ask_about_case(customer_id, partial(refusal_to_lift, by=actor()), _lift_page)


@blacklist.post("/customers/<uuid:customer_id>/blacklisting/lift")
@needs(Permission.REVIEW)
@carried
def lift_blacklisting(customer_id: UUID) -> ResponseReturnValue:
    message = "{} is no longer blacklisted."
    return _carry_out(customer_id, review.lift, _lift_page, message)


def _lift_page(form: LiftForm, customer: Customer, refusal: Refusal | None) -> LiftBlacklisting:
    case = find_open(customer)
    return LiftBlacklisting(form=form, customer=customer, case=case, refusal=refusal)


@blacklist.get("/customers/<uuid:customer_id>/blacklisting/ask-for-lift")
@needs(Permission.BLACKLIST)
def new_lift_request(customer_id: UUID) -> ResponseReturnValue:
    return _ask_about_case(customer_id, opening.refusal_to_ask, _lift_request_page)


@blacklist.post("/customers/<uuid:customer_id>/blacklisting/ask-for-lift")
@needs(Permission.BLACKLIST)
@carried
def ask_for_lift(customer_id: UUID) -> ResponseReturnValue:
    message = "You asked the managers to remove the blacklisting of {}."
    return _carry_out(customer_id, opening.ask_for_lift, _lift_request_page, message)


def _lift_request_page(form: LiftForm, customer: Customer, refusal: Refusal | None) -> AskForLift:
    return AskForLift(form=form, customer=customer, refusal=refusal)


def _ask_about_case(
    customer_id: UUID, refusal_to: Callable[[Blacklisting], Conflict | None], page: LiftPage
) -> ResponseReturnValue:
    """The form about the open case, or why there is nothing to fill in."""
    customer = finding.get_customer(customer_id)
    case = find_open(customer)
    refusal = (
        refusal_to(case) if case else NotBlacklisted(how=f"{customer.full_name} is not blacklisted")
    )
    if refusal or not case:
        return answer(customer, refusal.message if refusal else "", kind="notice")
    place = asked_return().sealed()
    form = LiftForm(drafts.restored(), return_to=place, case=str(case.seq))
    return answer_form(page(form, customer, None))


def _carry_out(
    customer_id: UUID, deed: Callable[..., Customer], page: LiftPage, message: str
) -> ResponseReturnValue:
    """Do what a form about a case asks for; a refused form is shown again."""
    form, customer = LiftForm(request.form), finding.get_customer(customer_id)
    try:
        seen, note = parse_int(form.case.data), form.submitted["note"] or ""
        customer = deed(customer_id, case_seq=seen, note=note, by=actor())
    except (Invalid, Conflict) as refusal:
        form.show(refusal)
        return answer_form(page(form, customer, refusal))
    drafts.forget()
    return answer(customer, message.format(customer.full_name), kind="success")
