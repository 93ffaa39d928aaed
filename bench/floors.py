"""The floors that pages are measured against: an empty Flask view, and the list
page with constant rows.
"""

from flask import Flask, render_template

from tests.support.books import settings_for
from webapp.assembly import create_app
from webapp.http.doors import needs
from webapp.search.filters import CustomerFilter
from webapp.search.results import Page, page_of
from webapp.settings import Settings
from webapp.staff.permissions import Permission

CONSTANT = "/bench/constant"


def empty_app() -> Flask:
    app = Flask("empty")
    app.add_url_rule("/", "empty", lambda: "")
    return app


def app_with_constant_page(settings: Settings) -> Flask:
    """The application, with its first list page also served at `CONSTANT`: same session, template
    and people, but rows that never change.
    """
    app = create_app(settings)
    kept: list[Page] = []

    @needs(Permission.SEE_CUSTOMERS)
    def constant() -> str:
        if not kept:
            kept.append(page_of(CustomerFilter()))
        return render_template(
            "customers/list_customers.html", wanted=CustomerFilter(), page=kept[0], refusal=None
        )

    app.add_url_rule(CONSTANT, "constant", constant)
    return app


def app_of(database_url: str) -> Flask:
    return app_with_constant_page(
        settings_for(database_url, GATEBOOK_API_REQUESTS_PER_MINUTE="1000000")
    )
