"""Pages of sets of changes: imports, selections, undos."""

from flask import Blueprint

batches = Blueprint("batches", __name__)


def blueprint() -> Blueprint:
    """The blueprint with all its views."""
    from webapp.web.batches import imports, selection, sets, waiting  # noqa: F401

    return batches
