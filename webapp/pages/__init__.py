"""The HTML door: pages for people, whole or in fragments."""

from flask import Blueprint, Flask

from webapp.settings import Settings

pages = Blueprint("pages", __name__)


def init_pages(app: Flask, settings: Settings) -> None:
    """Open the door: sessions first, then who comes in, then the forgery check, then the views."""
    from webapp.pages import account, customer_form, customers, doorway, errors, home, presentation, sessions, sign_in  # noqa: F401 - importing adds the views

    sessions.init_sessions(app, settings)
    doorway.init_doorway(app, settings)
    errors.init_errors(app)
    presentation.init_presentation(app, settings)
    app.register_blueprint(pages)
