"""The JSON door: version 1 of the customers API, for programs that bring a key."""

from flask import Blueprint, Flask
from werkzeug.routing import BaseConverter

from webapp.customers.fields import WORDS_OF_THE_API
from webapp.settings import Settings

WORDS = "|".join(sorted(WORDS_OF_THE_API))


class HandleConverter(BaseConverter):
    """One segment of a path, unless it is a reserved word of the API."""

    part_isolating = True
    regex = rf"(?!(?:{WORDS})$)[^/]+"


class AnyHandleConverter(BaseConverter):
    """The same, or an e-mail address, which may contain slashes."""

    part_isolating = False
    regex = rf"(?:[^@]*@.*|(?!(?:{WORDS})/?$)[^/@]+/?)"


api = Blueprint("api", __name__, url_prefix="/api")


def init_api(app: Flask, settings: Settings) -> None:
    """Register the door: authentication, rate limits, and the calls."""
    from webapp.api import auth, batch, customers, history, listing, screening, transfer, webhooks  # noqa: F401 - importing adds views
    from webapp.api.describing import docs  # noqa: F401 - importing adds views

    auth.init_auth(app, settings)
    history.init_feed(app, threads=settings.threads)
    app.url_map.converters |= {"handle": HandleConverter, "any_handle": AnyHandleConverter}
    app.register_blueprint(api)
