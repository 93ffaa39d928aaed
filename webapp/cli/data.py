"""Commands that move a whole book."""

import click
import psycopg
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import Engine

from webapp.cli.acting import refusals
from webapp.cli.progress import progress_bar
from webapp.cli.target import migrated
from webapp.kernel.database import db
from webapp.transfer import to_postgresql
from webapp.transfer.to_postgresql import Difference

DIFFERENT = "The two books differ. Was Gatebook stopped? Copy into a new, empty database."
data = AppGroup("data", help="Moving a whole book to another database.")


@data.command("copy")
@click.option("--to", "url", required=True, help="postgresql+psycopg://… of an empty database.")
def copy_book(url: str) -> None:
    """Copy this SQLite book into an empty PostgreSQL database,
    and hold every row of both against each other.

    Stop Gatebook first: what is written meanwhile would not be copied. What was broken off goes on
    with the same words. Exit status 1 if the two differ in the end.
    """
    source = db.engine
    if source.dialect.name != "sqlite" or not url.startswith("postgresql+psycopg://"):
        raise click.UsageError("A book is copied from SQLite to postgresql+psycopg://…")
    if (
        MigrationContext.configure(db.session.connection()).get_current_revision()
        != _newest_revision()
    ):
        raise click.ClickException(
            "This book is of an older version: run `flask --app wsgi db upgrade` first."
        )
    with refusals(), migrated(url) as there:
        different = _copied(source, there)
    for difference in different:
        click.echo(str(difference))
    if different:
        raise click.ClickException(DIFFERENT)
    click.echo(
        "Both hold the same rows. Set GATEBOOK_DATABASE_URL to the new one and start Gatebook."
    )


def _copied(source: Engine, there: Flask) -> list[Difference]:
    with there.app_context():
        target = db.engine
    done = to_postgresql.take_up(target)
    with progress_bar("Rows", to_postgresql.number_of_rows(source)) as more:
        more(done)
        try:
            to_postgresql.copy(source, target, progress=more)
        except psycopg.Error as error:
            raise click.ClickException(f"{type(error).__name__}: {DIFFERENT}") from None
    click.echo("Indexes, and a comparison of all rows")
    return to_postgresql.finish(source, target)


def _newest_revision() -> str | None:
    config = current_app.extensions["migrate"].migrate.get_config()
    return ScriptDirectory.from_config(config).get_current_head()
