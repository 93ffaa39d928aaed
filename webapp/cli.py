"""The commands: `flask --app wsgi …`. Each calls the same services as the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from webapp.errors import Refusal
from webapp.history import Actor
from webapp.sample_data import load
from webapp.staff import members
from webapp.staff.access import Role

BY_OPERATOR = Actor(kind="system", id=None, name="operator", door="command")

staff = AppGroup("staff", help="Look after those who work here.")


def init_cli(app: Flask) -> None:
    app.cli.add_command(sample_data)
    app.cli.add_command(sample_staff)
    app.cli.add_command(staff)


@click.command("sample-data")
@click.option("--customers", default=10_000, show_default=True, type=click.IntRange(1), help="How many.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same people.")
@click.option("--if-empty", is_flag=True, help="Do nothing when the book has customers.")
@with_appcontext
def sample_data(customers: int, seed: int, if_empty: bool) -> None:
    """Fill an empty book with people who do not exist."""
    if if_empty and not load.book_is_empty():
        return
    with click.progressbar(length=customers, label="Sample customers", show_pos=True) as bar, _refusals():
        load.load_people(customers, seed, progress=bar.update)


@click.command("sample-staff")
@with_appcontext
def sample_staff() -> None:
    """Make one sample member of each role and print how they sign in. Never for a real book."""
    for line in load.sample_staff(Path(current_app.instance_path) / "sample-staff"):
        click.echo(line)


@staff.command("add")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
def add_staff(email: str, name: str, role: str) -> None:
    """Add somebody and print their one-time password, good for 24 hours."""
    with _refusals():
        click.echo(members.add_member(email=email, name=name, role=role, by=BY_OPERATOR))


@staff.command("reset-password")
@click.option("--email", required=True)
def reset_password(email: str) -> None:
    """Print a new one-time password for somebody and end all their sessions."""
    with _refusals():
        click.echo(members.reset_password(email=email, by=BY_OPERATOR))


@staff.command("list")
def list_staff() -> None:
    """Print who works here: role, whether active, e-mail, name."""
    for member in members.list_members():
        click.echo(f"{member.role:8} {'active' if member.active else 'inactive':9} {member.email}  {member.name}")


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns a refusal into a sentence and exit status 1."""
    try:
        yield
    except Refusal as refusal:
        problems = "".join(f"\n  {name}: {' '.join(sentences)}" for name, sentences in refusal.fields.items())
        raise click.ClickException(refusal.message + problems) from None
