"""The review queue as a list: several cases decided with one note."""

from dataclasses import replace

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.blacklist import case_counts, listing
from webapp.blacklist.filters import CaseFilter
from webapp.blacklist.listing import CaseRow
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import claims, review
from webapp.blacklist.reviewing.review import ReviewOutcome
from webapp.history.eyes import eyes_of
from webapp.http.doors import needs
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Invalid, InvalidDetails
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.addresses import queue_arguments, queue_filters, queue_url
from webapp.web.blacklist.forms import ReviewForm
from webapp.web.blacklist.pages import DecideSelected, ListWaiting
from webapp.web.blacklist.review import decision_of, describe, undo_of
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor, visitor
from webapp.web.frame.drafts import carried
from webapp.web.frame.htmx import (
    dialog,
    flash_notice,
    flash_success,
    go_to,
    refused,
    wants_fragment,
    whole_or_part,
)
from webapp.web.frame.reading_budget import count_read
from webapp.web.frame.return_to import ReturnTo, Where
from webapp.web.words.formats import counted

OUTCOMES = {
    Decision.UPHELD: "You kept {}.",
    Decision.OVERTURNED: "You removed {}.",
}


class NothingSelected(InvalidDetails):
    sentence = "Nothing is selected. Select blacklistings first"


@blacklist.get("/review/list")
@needs(Permission.REVIEW)
def list_waiting() -> ResponseReturnValue:
    return _list_page(None)


def _list_page(refusal: Invalid | None) -> ListWaiting:
    filters = queue_filters()
    number = parse_int(request.values.get("page"), least=1) or 1
    page = listing.page_of(replace(filters, page=number))
    count_read(len(page.rows))
    return ListWaiting(
        filters=filters,
        page=page,
        openers=[opener for opener, _ in case_counts.openers()],
        me=eyes_of(visitor().id),
        others=claims.others_at([row.case.seq for row in page.rows], by=actor()),
        refusal=refusal,
        return_to=_at_the_list(filters).sealed(),
    )


def _at_the_list(filters: CaseFilter) -> ReturnTo:
    return ReturnTo(Where.WAITING, queue_arguments(filters))


@blacklist.post("/review/selected")
@needs(Permission.REVIEW)
def ask_about_selected() -> ResponseReturnValue:
    """Ask for the note on the selected cases, one for all of them."""
    cases = _selected(request.form)
    if not cases:
        nothing = NothingSelected({"cases": ["Select at least one"]})
        if wants_fragment():
            raise nothing  # a message says so, and the list stays as it is
        return refused(_list_page(nothing), nothing)
    return _ask(ReviewForm.about(0), cases, _decision(request.form))


def _selected(typed: MultiDict[str, str]) -> list[CaseRow]:
    """The selected cases, except those that no longer wait."""
    return listing.waiting_among(_seqs(typed))


def _seqs(typed: MultiDict[str, str]) -> list[int]:
    numbers = [parse_int(text) for text in typed.getlist("cases")[: review.MAX_AT_ONCE]]
    return [number for number in numbers if number]


def _decision(typed: MultiDict[str, str]) -> Decision:
    is_overturned = typed.get("decision") == Decision.OVERTURNED
    return Decision.OVERTURNED if is_overturned else Decision.UPHELD


def _ask(
    form: ReviewForm, cases: list[CaseRow], decision: Decision, refusal: Invalid | None = None
) -> ResponseReturnValue:
    filters = queue_filters()
    page = DecideSelected(
        form=form,
        cases=cases,
        decision=decision,
        refusal=refusal,
        filters=filters,
        return_to=_at_the_list(filters).sealed(),
    )
    if refusal:
        form.show(refusal)
        return refused(whole_or_part(page), refusal)
    return dialog(page) if wants_fragment() else page


@blacklist.get("/review/selected/decide")
@needs(Permission.REVIEW)
def selected_again() -> ResponseReturnValue:
    """The draft of the form, if the end of a session interrupted it; otherwise the list."""
    typed = drafts.restored()
    cases = _selected(typed) if typed else []
    if not typed or not cases:
        return go_to(url_for("blacklist.list_waiting"))
    return _ask(ReviewForm.about(0, typed), cases, _decision(typed))


@blacklist.post("/review/selected/decide")
@needs(Permission.REVIEW)
@carried
def decide_selected() -> ResponseReturnValue:
    form, decision = ReviewForm.about(0, request.form), _decision(request.form)
    try:
        seqs = _seqs(request.form)
        outcomes = review.decide_all(seqs, decision, by=actor(), **decision_of(form))
    except Invalid as refusal:
        return _ask(form, _selected(request.form), decision, refusal)
    drafts.forget()
    _flash_outcomes(outcomes, decision)
    return go_to(queue_url(queue_filters(), view="blacklist.list_waiting"))


def _flash_outcomes(outcomes: list[ReviewOutcome], decision: Decision) -> None:
    reviews = [outcome.review.seq for outcome in outcomes if outcome.review]
    if reviews:
        cases = counted(len(reviews), "blacklisting", "blacklistings")
        undo = undo_of(reviews, _at_the_list(queue_filters()))
        flash_success(OUTCOMES[decision].format(cases), undo=undo)
    for outcome in outcomes:
        if outcome.refusal:
            flash_notice(describe(outcome))
