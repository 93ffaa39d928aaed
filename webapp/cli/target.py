"""Another, empty database, made ready for a book."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import click
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from webapp.kernel.database import db
from webapp.settings import Settings, SettingsError
from webapp.transfer import to_postgresql


def migrated(url: str) -> Flask:
    """An application on another database, migrated to the present schema.

    Raises:
        Conflict: `target_not_empty`.
    """
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    _make_private(url)
    application: Flask = current_app.extensions["create_app"](replace(settings, database_url=url))
    with application.app_context(), _closed_if_refused():
        try:
            to_postgresql.refuse_another_book(db.engine)
            upgrade()
        except OperationalError as error:
            raise click.ClickException(
                "The target cannot be reached, or does not let this user in."
            ) from error
    return application


@contextmanager
def _closed_if_refused() -> Iterator[None]:
    try:
        yield
    except Exception:
        db.session.remove()
        db.engine.dispose()
        raise


def _make_private(url: str) -> None:
    """Only the user of this process may read a new file."""
    file = make_url(url).database if url.startswith("sqlite:") else None
    if file:
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))
