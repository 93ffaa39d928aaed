"""How long each migration takes with many customers: while it runs, others may have to wait."""

import time
from collections.abc import Iterator

from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import downgrade, upgrade

from bench.floors import app_of
from webapp.kernel.database import db


def seconds_of_each(url: str) -> dict[str, float]:
    """Bring a book down to its first revision and up again,
    step by step; it loses what later revisions added.
    """
    with app_of(url).app_context():
        downgrade(revision="0001")
        found = {}
        for revision in _later():
            begun = time.monotonic()
            upgrade(revision=revision)
            found[revision] = round(time.monotonic() - begun, 1)
        db.session.remove()
        db.engine.dispose()
    return found


def _later() -> Iterator[str]:
    config = current_app.extensions["migrate"].migrate.get_config()
    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    yield from sorted(revisions)[1:]
