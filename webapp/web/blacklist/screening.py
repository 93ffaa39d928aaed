"""Checking a person at a desk: the decision that programs get, with the records behind it."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from webapp.blacklist import screening
from webapp.blacklist.screening import Verdict
from webapp.http.doors import needs, status_of
from webapp.kernel.refusals import Invalid
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.frame import drafts
from webapp.web.frame.forms import CheckForm
from webapp.web.frame.htmx import wants_fragment
from webapp.web.frame.reading_budget import count_read


@blacklist.get("/check")
@needs(Permission.CHECK)
def new_check() -> ResponseReturnValue:
    return _page(_form(drafts.restored()), None)


@blacklist.post("/check")
@needs(Permission.CHECK)
def check_person() -> ResponseReturnValue:
    """The answer comes at once and leaves nothing behind: who was checked stands in no address."""
    form = _form(request.form)
    try:
        verdict = screening.check(form.typed())
    except Invalid as refusal:
        form.show(refusal)
        return _page(form, None), status_of(refusal)
    count_read(len(verdict.customers))
    return _page(form, verdict)


def _form(typed: object) -> CheckForm:
    return CheckForm(typed, first_countries=current_app.config["FIRST_COUNTRIES"])


def _page(form: CheckForm, verdict: Verdict | None) -> str:
    template = "check/_check.html" if wants_fragment() else "check/check_person.html"
    return render_template(template, form=form, verdict=verdict)
