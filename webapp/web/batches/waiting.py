"""Sets of changes that wait for managers, as a tab of the review."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from webapp.batches import bulk, change_set, imports, working
from webapp.batches.models import ChangeSet, Verdict
from webapp.blacklist.models import REASON_NAMES, Decision
from webapp.customers.models import Customer
from webapp.http.doors import needs
from webapp.kernel.database import db
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Invalid
from webapp.staff.permissions import Permission
from webapp.web.batches import batches
from webapp.web.batches.pages import DecideSet, ListWaitingSets
from webapp.web.batches.sets import SET, back, daily_budget, limit, set_for_reader, view_of
from webapp.web.blacklist.addresses import queue_filters
from webapp.web.frame.auth import actor
from webapp.web.frame.htmx import flash_success, go_to, refused
from webapp.web.frame.reading_budget import count_read
from webapp.web.words.formats import counted

SHOWN = 50


@batches.get("/review/sets")
@needs(Permission.REVIEW)
def list_waiting_sets() -> ResponseReturnValue:
    return ListWaitingSets(
        to_agree=[
            (view_of(one), one.number_to_apply)
            for one in change_set.waiting_for_agreement(limit=SHOWN, above=limit())
        ],
        to_review=[(view_of(one), number) for one, number in bulk.sets_to_review(limit=SHOWN)],
        held=[(view_of(one), number) for one, number in imports.sets_with_held(limit=SHOWN)],
        filters=queue_filters(),
    )


@batches.post(f"/sets/{SET}/held/<int(max=999999999):number>")
@needs(Permission.REVIEW)
def decide_held(seq: int, number: int) -> ResponseReturnValue:
    """Add a person who was held back, or leave them out."""
    set_for_reader(seq)
    if request.form.get("decision") == "add":
        customer = imports.add_held(seq, number, by=actor())
        flash_success(f"{customer.full_name} is added.")
    else:
        imports.discard_held(seq, number, by=actor())
        flash_success("The row is left out.")
    return go_to(url_for("batches.show_set", seq=seq, rows=Verdict.HELD.value))


@batches.get(f"/sets/{SET}/decide")
@needs(Permission.REVIEW)
def ask_about_set(seq: int) -> ResponseReturnValue:
    return _decision_page(set_for_reader(seq))


def _decision_page(one: ChangeSet, refusal: Invalid | None = None) -> DecideSet:
    cases = bulk.cases_waiting(one.seq)
    seqs = [case.customer_seq for case in cases]
    query = select(Customer).where(Customer.seq.in_(seqs))
    people = {customer.seq: customer.full_name for customer in db.session.scalars(query)}
    count_read(len(people))
    return DecideSet(
        shown=view_of(one),
        cases=[(c.seq, people.get(c.customer_seq, ""), REASON_NAMES[c.reason]) for c in cases],
        note=request.form.get("note", ""),
        refusal=refusal,
    )


@batches.post(f"/sets/{SET}/decide")
@needs(Permission.REVIEW)
def decide_set(seq: int) -> ResponseReturnValue:
    """Decide alike about the blacklistings that are ticked."""
    one = set_for_reader(seq)
    ticked = {parse_int(text) for text in request.form.getlist("cases")}
    without = [case.seq for case in bulk.cases_waiting(seq) if case.seq not in ticked]
    is_mistake = request.form.get("decision") == Decision.OVERTURNED
    decision = Decision.OVERTURNED if is_mistake else Decision.UPHELD
    try:
        note = request.form.get("note", "")
        proposed = bulk.propose_decision(seq, decision, note=note, without=without, by=actor())
    except Invalid as refusal:
        return refused(_decision_page(one, refusal), refusal)
    one = change_set.apply(proposed.seq, above=limit(), by=actor())
    seq = one.seq
    working.apply_few(one, daily_budget=daily_budget())
    number = change_set.find_set(seq).number_done
    if number:
        flash_success(f"You decided about {counted(number, 'blacklisting', 'blacklistings')}.")
    return back(seq)
