"""The review queue as a list: several cases decided with one note; and the look-alikes of
blacklisted customers.
"""

from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.blacklist import listing, review
from webapp.blacklist.listing import ListedCase
from webapp.blacklist.models import Decision
from webapp.blacklist.review import Decided
from webapp.history.eyes import eyes_of
from webapp.http.doors import needs, status_of
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Invalid
from webapp.lookalikes import pairs
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.addresses import queue_url, wanted_in_queue
from webapp.web.blacklist.review import decision_of, told_of, undoable
from webapp.web.customers.show import FROM_A_LIST
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor, visitor
from webapp.web.frame.forms import ReviewForm
from webapp.web.frame.htmx import dialog, flash_notice, flash_success, go_to, wants_fragment
from webapp.web.frame.reading_budget import count_read

MATCHES_SHOWN = 50
MAX_COUNTED = 1_000


@blacklist.get("/review/list")
@needs(Permission.REVIEW)
def list_waiting() -> ResponseReturnValue:
    return _list_page(None)


def _list_page(refusal: Invalid | None) -> str:
    wanted = wanted_in_queue()
    number = parse_int(request.values.get("page"), least=1) or 1
    page = listing.page_of(replace(wanted, page=number))
    count_read(len(page.rows))
    return render_template(
        "review/list_waiting.html",
        wanted=wanted,
        page=page,
        openers=listing.openers(wanted),
        done=undoable(FROM_A_LIST),
        me=eyes_of(visitor().id),
        refusal=refusal,
    )


@blacklist.post("/review/selected")
@needs(Permission.REVIEW)
def ask_about_selected() -> ResponseReturnValue:
    """What is to be said about the selected cases: one note for all."""
    cases = _selected(request.form)
    if not cases:
        nothing = Invalid(
            "invalid_details",
            "Select the cases that you want to decide",
            {"cases": ["Select some"]},
        )
        return _list_page(nothing), status_of(nothing)
    return _ask(ReviewForm.about(0), cases, _decision(request.form))


def _selected(typed: MultiDict[str, str]) -> list[ListedCase]:
    """The cases that were selected, those that wait no longer left out."""
    return listing.waiting_among(_seqs(typed))


def _seqs(typed: MultiDict[str, str]) -> list[int]:
    numbers = [parse_int(text) for text in typed.getlist("cases")[: review.MAX_AT_ONCE]]
    return [number for number in numbers if number]


def _decision(typed: MultiDict[str, str]) -> Decision:
    return Decision.OVERTURNED if typed.get("decision") == Decision.OVERTURNED else Decision.UPHELD


def _ask(
    form: ReviewForm, cases: list[ListedCase], decision: Decision, refusal: Invalid | None = None
) -> ResponseReturnValue:
    if refusal:
        form.show(refusal)
    told: dict[str, Any] = {"form": form, "cases": cases, "decision": decision, "refusal": refusal}
    told["wanted"] = wanted_in_queue()
    status = status_of(refusal) if refusal else 200
    if not wants_fragment():
        return render_template("review/decide_selected.html", in_dialog=False, **told), status
    if refusal:
        return render_template("review/_decide_selected_form.html", in_dialog=True, **told), status
    return dialog("review/_decide_selected_dialog.html", in_dialog=True, **told)


@blacklist.get("/review/selected/decide")
@needs(Permission.REVIEW)
def selected_again() -> ResponseReturnValue:
    """The form that the end of a session interrupted, with what was typed; without one, the
    list.
    """
    typed = drafts.restored()
    cases = _selected(typed) if typed else []
    if not typed or not cases:
        return go_to(url_for("blacklist.list_waiting"))
    return _ask(ReviewForm.about(0, typed), cases, _decision(typed))


@blacklist.post("/review/selected/decide")
@needs(Permission.REVIEW)
def decide_selected() -> ResponseReturnValue:
    form, decision = ReviewForm.about(0, request.form), _decision(request.form)
    try:
        outcomes = review.decide_all(_seqs(request.form), decision, by=actor(), **decision_of(form))
    except Invalid as refusal:
        return _ask(form, _selected(request.form), decision, refusal)
    drafts.forget()
    _tell(outcomes, decision)
    done = "-".join(str(outcome.review.seq) for outcome in outcomes if outcome.review)
    return go_to(queue_url(wanted_in_queue(), view="blacklist.list_waiting", done=done))


def _tell(outcomes: list[Decided], decision: Decision) -> None:
    decided = [outcome for outcome in outcomes if outcome.review]
    if decided:
        cases = "1 blacklisting is" if len(decided) == 1 else f"{len(decided)} blacklistings are"
        flash_success(f"{cases} {decision.value}.")
    for outcome in outcomes:
        if outcome.refusal:
            flash_notice(told_of(outcome))


@blacklist.get("/review/lookalikes")
@needs(Permission.REVIEW)
def list_lookalikes() -> ResponseReturnValue:
    total = pairs.count_matches(cap=MAX_COUNTED)
    number = (
        parse_int(request.args.get("page"), least=1, most=-(-max(total, 1) // MATCHES_SHOWN)) or 1
    )
    found = pairs.matches(limit=MATCHES_SHOWN, offset=(number - 1) * MATCHES_SHOWN)
    count_read(2 * len(found))
    more = (
        url_for("blacklist.list_lookalikes", page=number + 1)
        if total > number * MATCHES_SHOWN
        else None
    )
    return render_template("review/list_lookalikes.html", matches=found, more=more)
