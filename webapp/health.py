"""For those who watch the machines: whether the process lives, and whether the database answers."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect, text

from webapp import moving
from webapp.database import db
from webapp.http import needs
from webapp.staff.access import Permission

health = Blueprint("health", __name__)


@health.get("/healthz")
@needs(Permission.ANYONE)
def healthz() -> ResponseReturnValue:
    return {"status": "ok"}


@health.get("/readyz")
@needs(Permission.ANYONE)
def readyz() -> ResponseReturnValue:
    """200 when the database answers and holds a whole book; else its error becomes 503 like anywhere."""
    db.session.execute(text("SELECT 1 FROM alembic_version"))
    if inspect(db.session.connection()).has_table(moving.MARK):
        return {"status": "unfinished copy"}, 503
    return {"status": "ready"}
