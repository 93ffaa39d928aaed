"""The HTML door: pages for people, whole or as fragments."""

from flask import Flask

from webapp.settings import Settings


def init_pages(app: Flask, settings: Settings) -> None:
    """Register the door in order: sessions, authentication, the CSRF check, the views."""
    from webapp.web import (
        batches,
        blacklist,
        customers,
        entries,
        home,
        merging,
        programs,
        search,
        staff,
    )
    from webapp.web.frame import auth, jinja, reading_budget, session_cookie

    session_cookie.init_sessions(app, settings)
    auth.init_auth(app, settings)
    jinja.init_jinja(app, settings)
    reading_budget.init_reading(app, settings)
    app.register_blueprint(home.home)
    for subject in (search, customers, merging, blacklist, entries, batches, staff, programs):
        app.register_blueprint(subject.blueprint())
