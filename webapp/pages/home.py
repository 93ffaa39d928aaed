"""Where people land."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.http import needs
from webapp.pages import pages
from webapp.staff.access import Permission


@pages.get("/")
@needs(Permission.SIGNED_IN)
def home() -> ResponseReturnValue:
    return redirect(url_for("pages.list_customers"), 303)
