"""The HTML door: pages for people, whole or in fragments."""

from flask import Blueprint, Flask

from webapp.settings import Settings

pages = Blueprint("pages", __name__)


def init_pages(app: Flask, settings: Settings) -> None:
    """Open the door: sessions first, then who comes in, then the forgery check, then the views."""
    from webapp.pages import (  # noqa: F401 - importing adds the views
        account,
        api_keys,
        arrivals,
        blacklist,
        blacklisting,
        check,
        customer_form,
        customers,
        deletion,
        doorway,
        errors,
        home,
        lookalikes,
        presentation,
        reading,
        removals,
        review,
        second_factor,
        sessions,
        sign_in,
        staff,
        waiting,
    )

    sessions.init_sessions(app, settings)
    arrivals.init_arrivals(app, settings)
    doorway.init_doorway(app, settings)
    presentation.init_presentation(app, settings)
    reading.init_reading(app, settings)
    app.register_blueprint(pages)
