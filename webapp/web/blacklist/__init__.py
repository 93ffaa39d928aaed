"""Pages about cases and the decisions of managers."""

from flask import Blueprint

blacklist = Blueprint("blacklist", __name__)


def blueprint() -> Blueprint:
    """The blueprint with all its views."""
    from webapp.web.blacklist import (  # noqa: F401
        distinct,
        ending,
        evidence,
        figures,
        lookalikes,
        opening,
        removals,
        review,
        review_list,
        screening,
    )

    return blacklist
