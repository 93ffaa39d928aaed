"""Pages of entries: values that are denied, held back or allowed."""

from flask import Blueprint

entries = Blueprint("entries", __name__)


def blueprint() -> Blueprint:
    """The blueprint with all its views."""
    from webapp.web.entries import decisions, lists, views  # noqa: F401

    return entries
