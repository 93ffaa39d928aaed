"""Commands that look after staff."""

import click
from flask import current_app
from flask.cli import AppGroup

from webapp.blacklist.reviewing import digest
from webapp.cli.acting import BY_OPERATOR, refusals
from webapp.staff import members
from webapp.staff.permissions import Role

staff = AppGroup("staff", help="Look after those who work here.")


@staff.command("add")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
def add_staff(email: str, name: str, role: str) -> None:
    """Add somebody and print their one-time password, good for 24 hours."""
    with refusals():
        _, password = members.add_member(email=email, name=name, role=role, by=BY_OPERATOR)
        click.echo(password)


@staff.command("reset-password")
@click.option("--email", required=True)
def reset_password(email: str) -> None:
    """Print a new one-time password for somebody and end all their sessions."""
    with refusals():
        click.echo(members.reset_password(members.get_member_by_email(email).id, by=BY_OPERATOR))


@staff.command("reset-second-factor")
@click.option("--email", required=True)
def reset_second_factor(email: str) -> None:
    """Remove the second factor of somebody who lost it, and end all their sessions."""
    with refusals():
        members.reset_second_factor(members.get_member_by_email(email).id, by=BY_OPERATOR)


@staff.command("list")
def list_staff() -> None:
    """Print who works here: role, whether active, e-mail, name."""
    for member in members.list_members():
        click.echo(
            f"{member.role:8} {'active' if member.active else 'inactive':9} "
            f"{member.email}  {member.name}"
        )


@staff.command("send-digest")
def send_digest() -> None:
    """Send the daily e-mail to everybody for whom something waits. Run it once a day."""
    smtp_url = current_app.config["SMTP_URL"]
    if not smtp_url:
        raise click.ClickException("GATEBOOK_SMTP_URL is not set, so nothing was sent.")
    try:
        sent = digest.send_digests(smtp_url, current_app.config["PUBLIC_URL"])
    except OSError as error:
        raise click.ClickException(f"The mail server did not take it: {error}") from None
    click.echo(f"{sent.number} sent.")
    if sent.refused:
        raise click.ClickException(f"The mail server refused: {', '.join(sent.refused)}")
