"""Pages about programs, their keys, and webhooks."""

from flask import Blueprint

programs = Blueprint("programs", __name__)


def blueprint() -> Blueprint:
    """The blueprint with all its views."""
    from webapp.web.programs import api_keys, deliveries, key_changes, webhooks  # noqa: F401

    return programs
