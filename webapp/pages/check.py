"""Checking a person at a desk: the decision that programs get, with the records behind it."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from webapp.customers import check
from webapp.customers.check import Verdict
from webapp.errors import Invalid
from webapp.http import needs, status_of
from webapp.pages import pages, unsaved
from webapp.pages.forms import CheckForm
from webapp.pages.fragments import wants_fragment
from webapp.pages.reading import count_read
from webapp.staff.access import Permission


@pages.get("/check")
@needs(Permission.CHECK)
def new_check() -> ResponseReturnValue:
    return _page(_form(unsaved.restored()), None)


@pages.post("/check")
@needs(Permission.CHECK)
def check_person() -> ResponseReturnValue:
    """The answer comes at once and leaves nothing behind: who was checked stands in no address."""
    form = _form(request.form)
    try:
        verdict = check.check(form.typed())
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
