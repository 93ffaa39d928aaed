"""Pages on which two records become one customer, or two again."""

from flask import Blueprint

merging = Blueprint("merging", __name__)


def blueprint() -> Blueprint:
    """The blueprint with all its views."""
    from webapp.web.merging import deciding, taking_back, views  # noqa: F401

    return merging
