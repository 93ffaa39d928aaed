"""Where people land: what each role begins its day with."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.customers import caseload, desk
from webapp.customers.overview import standing
from webapp.customers.wanted_cases import CaseSearch, Which
from webapp.http import needs
from webapp.pages import pages
from webapp.pages.doorway import visitor
from webapp.pages.presentation import may_visitor
from webapp.staff.access import Permission

CASES_SHOWN = 5


@pages.get("/")
@needs(Permission.SIGNED_IN)
def home() -> ResponseReturnValue:
    if not may_visitor(Permission.EDIT_CUSTOMERS):
        return redirect(url_for("pages.list_customers"), 303)
    manages = may_visitor(Permission.REVIEW)
    queue = caseload.page_of(CaseSearch(which=Which.WAITING)) if manages else None
    return render_template(
        "home/home.html",
        recent=desk.recent_customers(visitor().id),
        requests=desk.lift_requests(visitor().id),
        queue=queue,
        cases_shown=CASES_SHOWN,
        figures=standing() if manages else None,
    )
