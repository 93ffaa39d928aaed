"""When a blacklisting ends: set by a manager who did not open it."""

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from webapp.blacklist.case import NotBlacklisted, find_open, how_it_was_closed
from webapp.blacklist.ending import set_end
from webapp.customers import finding
from webapp.http.doors import needs
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Invalid
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.answer import answer, answer_form
from webapp.web.blacklist.forms import EndForm
from webapp.web.blacklist.pages import SetEnd
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor
from webapp.web.frame.drafts import carried
from webapp.web.words.formats import input_moment, reader_zone


@blacklist.get("/customers/<uuid:customer_id>/blacklisting/end")
@needs(Permission.REVIEW)
def new_end(customer_id: UUID) -> ResponseReturnValue:
    customer = finding.get_customer(customer_id)
    case = find_open(customer)
    if case is None:
        raise NotBlacklisted(how=how_it_was_closed(customer))
    until = input_moment(case.until) if case.until else ""
    form = EndForm(drafts.restored(), until=until, case=case.seq)
    return answer_form(SetEnd(form=form, customer=customer))


@blacklist.post("/customers/<uuid:customer_id>/blacklisting/end")
@needs(Permission.REVIEW)
@carried
def save_end(customer_id: UUID) -> ResponseReturnValue:
    form, customer = EndForm(request.form), finding.get_customer(customer_id)
    case_seq, until = parse_int(form.submitted["case"] or ""), form.submitted["until"] or ""
    note = form.submitted["note"]
    try:
        set_end(
            customer_id, case_seq=case_seq, until=until, note=note, zone=reader_zone(), by=actor()
        )
    except Invalid as refusal:
        form.show(refusal)
        return answer_form(SetEnd(form=form, customer=customer, refusal=refusal))
    drafts.forget()
    message = "The end of this blacklisting is set." if until else "This blacklisting has no end."
    return answer(customer, message, kind="success")
