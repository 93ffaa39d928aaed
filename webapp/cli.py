"""The commands: `flask --app wsgi …`. Each calls the same services as the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import Executable, select

from webapp import clock, verification
from webapp.customers.models import Customer, Tombstone
from webapp.database import db
from webapp.errors import Refusal
from webapp.history import Actor, Subject
from webapp.sample_data import load
from webapp.staff import keys, members
from webapp.staff.access import Role, Scope
from webapp.staff.models import ApiKey, RolePolicy, StaffMember

BY_OPERATOR = Actor(kind="system", id=None, name="operator", door="command")

staff = AppGroup("staff", help="Look after those who work here.")
api_keys = AppGroup("api-keys", help="Keys by which programs enter.")
history = AppGroup("history", help="What happened, and whether it still stands as it was written.")


def init_cli(app: Flask) -> None:
    app.cli.add_command(sample_data)
    app.cli.add_command(sample_staff)
    app.cli.add_command(staff)
    app.cli.add_command(api_keys)
    app.cli.add_command(history)


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
        _, password = members.add_member(email=email, name=name, role=role, by=BY_OPERATOR)
        click.echo(password)


@staff.command("reset-password")
@click.option("--email", required=True)
def reset_password(email: str) -> None:
    """Print a new one-time password for somebody and end all their sessions."""
    with _refusals():
        click.echo(members.reset_password(members.get_member_by_email(email).id, by=BY_OPERATOR))


@staff.command("reset-second-factor")
@click.option("--email", required=True)
def reset_second_factor(email: str) -> None:
    """Remove the second factor of somebody who lost it, and end all their sessions."""
    with _refusals():
        members.reset_second_factor(members.get_member_by_email(email).id, by=BY_OPERATOR)


@staff.command("list")
def list_staff() -> None:
    """Print who works here: role, whether active, e-mail, name."""
    for member in members.list_members():
        click.echo(f"{member.role:8} {'active' if member.active else 'inactive':9} {member.email}  {member.name}")


@api_keys.command("create")
@click.option("--name", required=True, help="Of the program; it stands in the history.")
@click.option("--scope", "scopes", required=True, multiple=True, type=click.Choice([scope.value for scope in Scope]))
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The first day, in UTC, on which it is refused.")
@click.option("--owner", help="E-mail of the staff member who answers for it; else nobody does.")
def create_key(name: str, scopes: tuple[str, ...], expires: datetime | None, owner: str | None) -> None:
    """Make a key and print it, for the only time, on the last line."""
    with _refusals():
        owner_id = members.get_member_by_email(owner).id if owner else None
        ends = expires.replace(tzinfo=UTC) if expires else None
        key, secret = keys.create_key(name=name, scopes=scopes, expires_at=ends, by=BY_OPERATOR, owner_id=owner_id)
    click.echo(f"Key {key.id}, {key.name}: {', '.join(key.scopes)}. Keep it safe; it is not shown again.", err=True)
    click.echo(secret)


@api_keys.command("list")
def list_keys() -> None:
    """Print every key: number, beginning, standing, scopes, last use, name."""
    for key, owner in keys.list_keys():
        used = clock.in_iso(key.used_at) if key.used_at else "never used"
        click.echo(
            f"{key.id:4} {key.hint}… {keys.standing_of(key, owner):10} {','.join(key.scopes):20} {used:24}  {key.name}"
        )


@api_keys.command("revoke")
@click.argument("key_id", type=int)
def revoke_key(key_id: int) -> None:
    """Refuse a key, by its number, from its next call on."""
    with _refusals():
        keys.revoke_key(key_id, by=BY_OPERATOR)


@history.command("verify")
def verify_history() -> None:
    """Check every entry of the history; name the first that was altered, moved or lost, with exit status 1."""
    report = verification.verify(everybody())
    if report.fault:
        subject = report.fault.subject
        raise click.ClickException(
            f"Entry {report.fault.number} of {subject.kind} {_public_name(subject)} {report.fault.what}."
        )
    click.echo(f"{report.entries:,} entries about {report.subjects:,} subjects: all are as they were written.")


def everybody() -> dict[str, Executable]:
    """Whom the history is about, in the order in which it is kept."""
    gone = select(Tombstone.customer_seq, Tombstone.version)
    return {
        "customer": select(Customer.seq, Customer.version).union_all(gone).order_by("seq"),
        "key": select(ApiKey.id, ApiKey.version).order_by(ApiKey.id),
        "role": select(RolePolicy.id, RolePolicy.version).order_by(RolePolicy.id),
        "staff": select(StaffMember.id, StaffMember.version).order_by(StaffMember.id),
    }


def _public_name(subject: Subject) -> str:
    """How people outside the database know a subject: a customer by the id in addresses."""
    if subject.kind != "customer":
        return str(subject.seq)
    known = select(Customer.id).where(Customer.seq == subject.seq)
    gone = select(Tombstone.customer_id).where(Tombstone.customer_seq == subject.seq)
    return str(db.session.scalar(known) or db.session.scalar(gone) or subject.seq)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns a refusal into a sentence and exit status 1."""
    try:
        yield
    except Refusal as refusal:
        problems = "".join(f"\n  {name}: {' '.join(sentences)}" for name, sentences in refusal.fields.items())
        raise click.ClickException(refusal.message + problems) from None
