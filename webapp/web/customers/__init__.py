"""Pages about one customer."""

from flask import Blueprint

customers = Blueprint("customers", __name__)


def blueprint() -> Blueprint:
    """The blueprint with all its views."""
    from webapp.web.customers import disclosure, edit, erase, notes, views  # noqa: F401

    return customers
