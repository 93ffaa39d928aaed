"""The HTML door: pages for people, whole or in fragments."""

from flask import Blueprint, Flask

from webapp.settings import Settings

pages = Blueprint("pages", __name__)


def init_pages(app: Flask, settings: Settings) -> None:
    """Open the door: sessions first, then who comes in, then the forgery check, then the views."""
    from webapp.web import home
    from webapp.web.blacklist import (
        figures,
        lookalikes,
        opening,
        removals,
        review,
        review_list,
        screening,
    )
    from webapp.web.customers import edit, erase, views
    from webapp.web.frame import auth, browser, errors, jinja, reading_budget, session_cookie
    from webapp.web.programs import api_keys
    from webapp.web.staff import account, members, second_factor, sign_in

    session_cookie.init_sessions(app, settings)
    browser.init_browser(app, settings)
    auth.init_auth(app, settings)
    jinja.init_jinja(app, settings)
    reading_budget.init_reading(app, settings)
    app.register_blueprint(pages)
