"""The floors that pages are measured against: an empty Flask view, and the list
page with constant rows.
"""

from flask import Flask

from bench.books import WITHOUT_LIMITS
from tests.support.books import settings_for
from webapp.assembly import create_app
from webapp.http.doors import needs
from webapp.search.filters import CustomerFilter
from webapp.search.results import Page, page_of
from webapp.settings import Settings
from webapp.staff.permissions import Permission
from webapp.web.search.pages import ListCustomers
from webapp.web.search.views import list_of

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
    def constant() -> ListCustomers:
        if not kept:
            kept.append(page_of(CustomerFilter()))
        return list_of(CustomerFilter(), kept[0])

    app.add_url_rule(CONSTANT, "constant", constant)
    return app


def app_of(database_url: str) -> Flask:
    return app_with_constant_page(settings_for(database_url, **WITHOUT_LIMITS))
