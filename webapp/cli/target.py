"""Another, empty database, made ready for a book."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from webapp.kernel.database import db
from webapp.settings import Settings, SettingsError
from webapp.transfer import to_postgresql


@contextmanager
def migrated(url: str) -> Iterator[Flask]:
    """An application on another database, migrated to the present schema. If the body fails, a file
    that was made for it goes again.

    Raises:
        Conflict: `target_not_empty`.
    """
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    with _private(url):
        there: Flask = current_app.extensions["create_app"](replace(settings, database_url=url))
        with _closing_connections(there):
            _migrate(there)
            yield there


def _migrate(there: Flask) -> None:
    with there.app_context():
        try:
            to_postgresql.refuse_another_book(db.engine)
            upgrade()
        except OperationalError as error:
            raise click.ClickException(
                "The target cannot be reached, or does not let this user in."
            ) from error


@contextmanager
def _closing_connections(there: Flask) -> Iterator[None]:
    try:
        yield
    finally:
        with there.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _private(url: str) -> Iterator[None]:
    made = _make_private(url)
    try:
        yield
    except BaseException:
        if made:
            made.unlink()
        raise


def _make_private(url: str) -> Path | None:
    """A new file, which only the user of this process may read; `None` if there is one already, or
    the target is no file.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise click.ClickException("The target is not the address of a database.") from None
    file = address.database
    if address.get_backend_name() != "sqlite":
        return None
    if not file or file == ":memory:":
        raise click.ClickException("The target has no file: name one, as in sqlite:////var/book.db")
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return None
    except OSError as error:
        raise click.ClickException(f"{file} cannot be made: {error.strerror}.") from None
    return Path(file)
