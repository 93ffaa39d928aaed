"""The command that verifies the history."""

import click
from flask.cli import AppGroup
from sqlalchemy import Executable, select

from webapp.customers.models import Customer, Tombstone
from webapp.history import verify
from webapp.history.entries import Subject
from webapp.history.verify import LOG, Fault, Tally
from webapp.kernel.database import db
from webapp.staff.models import ApiKey, RolePolicy, StaffMember

history = AppGroup("history", help="What happened, and whether it still stands as it was written.")


@history.command("verify")
def verify_history() -> None:
    """Check every entry of the history and the log of all; name each that was altered, moved or
    lost, with exit status 1.
    """
    tally, number = Tally(), 0
    for fault in verify.faults(everybody(), tally):
        click.echo(_sentence(fault))
        number += 1
    if number:
        raise click.ClickException(f"{number:,} of these are not as they were written.")
    click.echo(
        f"{tally.entries:,} entries about {tally.subjects:,} subjects: "
        "all are as they were written."
    )
    if tally.unlogged:
        click.echo("Earlier entries are still being added to the log: run book renew-keys.")


def _sentence(fault: Fault) -> str:
    if fault.subject == LOG:
        return f"Event {fault.number} of the log {fault.what}."
    name = _public_name(fault.subject)
    return f"Entry {fault.number} of {fault.subject.kind} {name} {fault.what}."


def everybody() -> dict[str, Executable]:
    """All subjects of the history, by kind, ordered by key, with their versions."""
    gone = select(Tombstone.customer_seq, Tombstone.version)
    return {
        "customer": select(Customer.seq, Customer.version).union_all(gone).order_by("seq"),
        "key": select(ApiKey.id, ApiKey.version).order_by(ApiKey.id),
        "role": select(RolePolicy.id, RolePolicy.version).order_by(RolePolicy.id),
        "staff": select(StaffMember.id, StaffMember.version).order_by(StaffMember.id),
    }


def _public_name(subject: Subject) -> str:
    """The number that people know a subject by; for a customer, the id in addresses."""
    if subject.kind != "customer":
        return str(subject.seq)
    known = select(Customer.id).where(Customer.seq == subject.seq)
    gone = select(Tombstone.customer_id).where(Tombstone.customer_seq == subject.seq)
    return str(db.session.scalar(known) or db.session.scalar(gone) or subject.seq)
