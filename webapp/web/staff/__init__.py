"""Pages about staff, and for signing in."""

from flask import Blueprint

staff = Blueprint("staff", __name__)


def blueprint() -> Blueprint:
    """The blueprint with all its views."""
    from webapp.web.staff import account, faults, members, second_factor, sign_in  # noqa: F401

    return staff
