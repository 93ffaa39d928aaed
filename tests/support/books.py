"""Books for tests: built by running the migrations, and emptied between tests."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, insert, select, text

from tests.support.postgres import postgres_server
from webapp.assembly import create_app
from webapp.history.book import BookFact
from webapp.kernel.database import db
from webapp.settings import Settings

# In the name of a test's parameter: the tests of its file with that parameter share a book.
SHARED = "shared"
KEYS = {
    "GATEBOOK_SECRET_KEY": "tests-only-secret-0123456789abcdefghijklmnop",
    "GATEBOOK_HISTORY_KEY": "tests-only-history-0123456789abcdefghijklmno",
    "GATEBOOK_WEBHOOKS_TO_LOOPBACK": "1",
}


def settings_for(database_url: str, **more: str) -> Settings:
    return Settings.from_environment(KEYS | {"GATEBOOK_DATABASE_URL": database_url} | more)


def _delete_all(connection: Connection) -> None:
    """Empty a PostgreSQL book. Without its triggers even the history lets go of rows, in a tenth of
    the time that TRUNCATE takes.
    """
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    written = connection.scalars(
        text("SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_relation_size(oid) > 0")
    )
    for name in {*written} & {*db.metadata.tables, "page_move"}:
        connection.execute(text(f'DELETE FROM "{name}"'))
    connection.execute(
        text("SELECT setval(format('%I', sequencename), start_value, false) FROM pg_sequences")
    )


class Book:
    """An application on a database of its own."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.url = database_url
        self.kind = "postgresql" if database_url.startswith("postgresql") else "sqlite"
        has_no_file = self.kind == "postgresql"
        more = {"GATEBOOK_FILES_TO": str(folder / "files")} if has_no_file else {}
        self.app: Flask = create_app(settings_for(database_url, **more))
        self._pristine = folder / "pristine.db"
        with self.app.app_context():
            upgrade()
            self._facts = [
                dict(row._mapping)
                for row in db.session.execute(select(BookFact.name, BookFact.value))
            ]
            db.session.remove()
            db.engine.dispose()
        if self.kind == "sqlite":
            shutil.copy(self.path, self._pristine)

    @property
    def path(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def empty(self) -> None:
        """Restore the state after the migrations."""
        with self.app.app_context():
            db.session.remove()
            if self.kind == "postgresql":
                with db.engine.begin() as connection:
                    _delete_all(connection)
                    connection.execute(insert(BookFact), self._facts)
            else:
                let_go()
                for suffix in ("-wal", "-shm"):
                    self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
                shutil.copy(self._pristine, self.path)


@contextmanager
def own_book(kind: str, folder: Path) -> Iterator[Book]:
    """A book that no other test uses, on a server of its own; inside its application."""
    with ExitStack() as stack:
        is_server = kind == "postgresql"
        url = stack.enter_context(postgres_server()) if is_server else f"sqlite:///{folder}/book.db"
        book = Book(url, folder)
        with book.app.app_context():
            yield book
            db.session.remove()
        book.close()


def in_one_process(*kinds: str) -> list[Any]:
    """Databases, as parameters of a fixture that takes long: those who share it run in one process,
    one after the other; see `BySharedBook`.
    """
    return [pytest.param(kind, id=f"{SHARED} {kind}") for kind in kinds]


def let_go() -> None:
    """Close the idle connections of every application: a test may have made some of its own."""
    for engines in db._app_engines.values():
        for engine in engines.values():
            engine.dispose()
