"""How long each migration takes on a large book: writers may have to wait while it runs."""

import time
from collections.abc import Iterator

from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import downgrade, upgrade

from bench.floors import app_of
from webapp.kernel.database import db


def seconds_of_each(url: str) -> dict[str, float]:
    """Downgrade a book to its first revision and upgrade it step by step; data that later revisions
    added is lost.
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
