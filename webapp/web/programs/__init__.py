"""Pages about programs and their keys."""

from flask import Blueprint

programs = Blueprint("programs", __name__)


def blueprint() -> Blueprint:
    """The blueprint with all its views."""
    from webapp.web.programs import api_keys  # noqa: F401

    return programs
