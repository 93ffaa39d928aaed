"""Health checks for monitoring: whether the process is alive and the database answers."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect, text

from webapp.history.proofs import explained, proved
from webapp.http.doors import needs
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.staff.permissions import Permission
from webapp.transfer import to_postgresql

health = Blueprint("health", __name__)


@health.get("/healthz")
@needs(Permission.ANYONE)
def healthz() -> ResponseReturnValue:
    return {"status": "ok"}


@health.get("/readyz")
@needs(Permission.ANYONE)
def readyz() -> ResponseReturnValue:
    """200 when the database answers and holds a complete book, with when its history was last
    proved and how many faults two managers have not explained; otherwise the error becomes a 503,
    as everywhere else.
    """
    db.session.execute(text("SELECT 1 FROM alembic_version"))
    if inspect(db.session.connection()).has_table(to_postgresql.MARK):
        return {"status": "unfinished copy"}, 503
    proof, faults = proved.find_proof(), explained.unexplained()
    return {
        "status": "ready",
        "historyProvedAt": clock.in_iso(proof.at) if proof else None,
        "historyProvedWholeAt": clock.in_iso(proof.whole_at) if proof else None,
        "historyFaults": len(faults) if faults is not None else None,
    }
