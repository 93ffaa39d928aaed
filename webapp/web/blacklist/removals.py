"""Removals by programs, and deletions that need
a second person's agreement, for managers to look at.
"""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.blacklist.reviewing import removals
from webapp.customers import erase
from webapp.customers.models import Customer
from webapp.history.eyes import eyes_of
from webapp.http.doors import needs
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Invalid, InvalidDetails
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.pages import ListRemovals
from webapp.web.frame.auth import actor, visitor
from webapp.web.frame.htmx import flash_success, go_to, refused
from webapp.web.frame.reading_budget import count_read

SHOWN = 50
MAX_COUNTED = 2_500


@blacklist.get("/review/removals")
@needs(Permission.REVIEW)
def list_removals() -> ResponseReturnValue:
    return _page(None, None)


def _page(refusal: Invalid | None, case_seq: int | None) -> ListRemovals:
    """One list of removals and then deletions, fifty to a page."""
    removed, asked = (
        removals.count_removals(cap=MAX_COUNTED),
        erase.count_deletions(cap=MAX_COUNTED),
    )
    total = removed + asked
    number = parse_int(request.args.get("page"), least=1, most=max(1, -(-total // SHOWN))) or 1
    more = url_for("blacklist.list_removals", page=number + 1) if total > number * SHOWN else None
    skipped = (number - 1) * SHOWN
    shown = removals.waiting_removals(limit=SHOWN, offset=skipped)
    deletions = erase.waiting_deletions(limit=SHOWN - len(shown), offset=max(0, skipped - removed))
    count_read(len(shown) + len(deletions))
    return ListRemovals(
        removals=shown,
        deletions=deletions,
        eyes=eyes_of(visitor().id),
        refusal=refusal,
        refused_case=case_seq,
        more=more,
        note=request.form.get("note", ""),
    )


@blacklist.post("/review/removals/<int(max=9223372036854775807):case_seq>")
@needs(Permission.REVIEW)
def check_removal(case_seq: int) -> ResponseReturnValue:
    note = request.form.get("note", "")
    try:
        if _decision("agree", "again") == "again":
            name = removals.open_again(case_seq, note=note, by=actor()).full_name
            flash_success(f"{name} is blacklisted again, and you have kept it.")
        else:
            agreed = removals.agree(case_seq, note=note, by=actor())
            name = agreed.full_name if isinstance(agreed, Customer) else agreed.reference
            flash_success(f"You agreed that {name} is no longer blacklisted.")
    except Invalid as refusal:
        return refused(_page(refusal, case_seq), refusal)
    return go_to(url_for("blacklist.list_removals"))


@blacklist.post("/review/deletions/<uuid:customer_id>")
@needs(Permission.DELETE_CUSTOMERS, fresh=True)
def decide_deletion(customer_id: UUID) -> ResponseReturnValue:
    if _decision("delete", "keep") == "keep":
        customer = erase.refuse_deletion(customer_id, by=actor())
        flash_success(f"{customer.full_name} stays in the book.")
    else:
        tombstone = erase.agree_to_deletion(customer_id, by=actor())
        flash_success(f"The customer {tombstone.reference} is deleted.")
    return go_to(url_for("blacklist.list_removals"))


def _decision(*offered: str) -> str:
    """Which button was pressed; a form that does not say it decides nothing."""
    decision = request.form.get("decision")
    if decision not in offered:
        raise InvalidDetails.on("note", "Choose one of the buttons")
    return decision
