"""Pages of lists and searches."""

from flask import Blueprint

search = Blueprint("search", __name__)


def blueprint() -> Blueprint:
    """The blueprint with all its views."""
    from webapp.web.search import exports, saved_views, views  # noqa: F401

    return search
