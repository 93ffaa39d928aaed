"""Checking a person by hand: the decision that programs get, with the records behind it."""

from flask import current_app, request
from flask.typing import ResponseReturnValue

from webapp.blacklist import screening
from webapp.blacklist.screening import Answer, Verdict
from webapp.http.doors import needs
from webapp.kernel.refusals import Invalid
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.forms import CheckForm
from webapp.web.blacklist.pages import CheckPerson
from webapp.web.frame import drafts
from webapp.web.frame.drafts import carried
from webapp.web.frame.htmx import refused, whole_or_part
from webapp.web.frame.reading_budget import count_read
from webapp.web.words import terms
from webapp.web.words.terms import Finding

BY_ENTRY = {
    Answer.DENY: terms.DENIED_BY_ENTRY,
    Answer.REVIEW: terms.WATCHED_BY_ENTRY,
    Answer.ALLOW: terms.ALLOWED_BY_ENTRY,
}


@blacklist.get("/check")
@needs(Permission.CHECK)
def new_check() -> ResponseReturnValue:
    return CheckPerson(form=_form(drafts.restored()), verdict=None)


@blacklist.post("/check")
@needs(Permission.CHECK)
@carried
def check_person() -> ResponseReturnValue:
    """Answer the POST itself, without a redirect, so that no address says who was checked."""
    form = _form(request.form)
    try:
        verdict = screening.check(form.typed())
    except Invalid as refusal:
        form.show(refusal)
        return refused(whole_or_part(CheckPerson(form=form, verdict=None)), refusal)
    count_read(len(verdict.customers) + len(verdict.known))
    page = CheckPerson(form=form, verdict=verdict, finding=_finding(verdict))
    return whole_or_part(page)


def _finding(verdict: Verdict) -> Finding:
    """The verdict in words: a mistyped reference is not somebody unknown."""
    if verdict.entries and not verdict.customers:
        return BY_ENTRY[verdict.answer]
    if verdict.answer is Answer.DENY:
        return terms.BLACKLISTED
    if verdict.answer is Answer.REVIEW:
        return terms.SIMILAR
    if "reference" in verdict.nobodys:
        return terms.NO_SUCH_REFERENCE
    return terms.KNOWN if verdict.known else terms.UNKNOWN


def _form(typed: object) -> CheckForm:
    return CheckForm(typed, first_countries=current_app.config["FIRST_COUNTRIES"])
