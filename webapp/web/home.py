"""Where people land: what each role begins its day with."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.blacklist import listing, recent_activity
from webapp.blacklist.figures import standing
from webapp.blacklist.filters import CaseFilter, Which
from webapp.http.doors import needs
from webapp.staff.permissions import Permission
from webapp.web.frame.auth import visitor
from webapp.web.frame.jinja import may_visitor

home = Blueprint("home", __name__)

CASES_SHOWN = 5


@home.get("/")
@needs(Permission.SIGNED_IN)
def show_home() -> ResponseReturnValue:
    if not may_visitor(Permission.EDIT_CUSTOMERS):
        return redirect(url_for("search.list_customers"), 303)
    manages = may_visitor(Permission.REVIEW)
    queue = listing.page_of(CaseFilter(which=Which.WAITING)) if manages else None
    return render_template(
        "home/home.html",
        recent=recent_activity.recent_customers(visitor().id),
        requests=recent_activity.lift_requests(visitor().id),
        queue=queue,
        cases_shown=CASES_SHOWN,
        figures=standing() if manages else None,
    )
