"""Merges that wait for a second person, and their undoing."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.customers.merged import MergedCustomer
from webapp.http.doors import needs
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Conflict
from webapp.merging import agreeing, requests
from webapp.merging.pair import OtherVersion
from webapp.merging.plan import Plan, plan_of
from webapp.merging.requests import WaitingMerge
from webapp.merging.result import Side, result_of
from webapp.staff.permissions import Permission
from webapp.web.frame.auth import actor
from webapp.web.frame.htmx import flash_success, go_to, refused
from webapp.web.frame.reading_budget import count_read
from webapp.web.merging import merging
from webapp.web.merging.forms import NoteForm
from webapp.web.merging.pages import DecideMerge, ListMerges
from webapp.web.merging.taking_back import flash_undone, versions

SHOWN = 50
BOTH = "<uuid:survivor_id>/<uuid:other_id>"


@merging.get("/review/merges")
@needs(Permission.MERGE_CUSTOMERS)
def list_merges() -> ResponseReturnValue:
    page = parse_int(request.args.get("page"), least=1, most=1_000) or 1
    some = requests.waiting_merges(by=actor(), limit=SHOWN + 1, offset=(page - 1) * SHOWN)
    count_read(2 * len(some))
    following = url_for("merging.list_merges", page=page + 1)
    return ListMerges(waiting=some[:SHOWN], more=following if len(some) > SHOWN else None)


@merging.get(f"/review/merges/{BOTH}")
@needs(Permission.MERGE_CUSTOMERS)
def show_merge(survivor_id: UUID, other_id: UUID) -> ResponseReturnValue:
    count_read(2)
    return _page(requests.get_waiting(survivor_id, other_id, by=actor()))


def _page(one: WaitingMerge, refusal: Conflict | None = None) -> DecideMerge:
    plan: Plan | None = None
    if isinstance(one.other, MergedCustomer):
        plan = plan_of(one.survivor, one.other)
        details = plan.details
    else:
        choices = {group: Side(side) for group, side in one.request.choices.items()}
        details = result_of(one.survivor, one.other, choices)
    form = NoteForm(None, seen=versions(one.survivor, one.other.version))
    return DecideMerge(
        form=form,
        refusal=refusal,
        one=one,
        details=details,
        plan=plan,
        obstacle=one.refusal,
    )


@merging.post(f"/review/merges/{BOTH}")
@needs(Permission.MERGE_CUSTOMERS)
def decide_merge(survivor_id: UUID, other_id: UUID) -> ResponseReturnValue:
    form, by = NoteForm(request.form), actor()
    one = requests.get_waiting(survivor_id, other_id, by=by)
    if request.form.get("decision") != "agree":
        requests.refuse_request(survivor_id, other_id, by=by)
        flash_success("Both stay as they are.")
        return go_to(url_for("merging.list_merges"))
    try:
        if one.request.is_undo:
            flash_undone(agreeing.agree_to_undo(other_id, seen=form.versions, by=by))
        else:
            agreeing.agree_to_merge(survivor_id, other_id, seen=form.versions, by=by)
            flash_success(f"{one.other.reference} is merged into {one.survivor.reference}.")
    except OtherVersion as refusal:
        again = requests.get_waiting(survivor_id, other_id, by=by)
        return refused(_page(again, refusal), refusal)
    return go_to(url_for("customers.show_customer", customer_id=survivor_id))
