"""Commands that make, list and revoke API keys."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from webapp.cli.acting import BY_OPERATOR, refusals
from webapp.kernel import clock
from webapp.programs import api_keys, key_changes
from webapp.staff import members
from webapp.staff.permissions import Scope

commands = AppGroup("api-keys", help="Keys by which programs enter.")


@commands.command("create")
@click.option("--name", required=True, help="Of the program; it stands in the history.")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
)
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The first day, in UTC, on which it is refused.",
)
@click.option(
    "--owner",
    required=True,
    help="E-mail of the staff member who answers for it, and whose rights it has.",
)
@click.option("--calls", type=int, help="How many calls a minute it may make, if not as others.")
def create_key(
    name: str, scopes: tuple[str, ...], expires: datetime | None, owner: str, calls: int | None
) -> None:
    """Make a key and print it, for the only time, on the last line."""
    with refusals():
        owner_id = members.get_member_by_email(owner).id
        ends = expires.replace(tzinfo=UTC) if expires else None
        key, secret = api_keys.create_key(
            name=name,
            scopes=scopes,
            expires_at=ends,
            by=BY_OPERATOR,
            owner_id=owner_id,
            calls_per_minute=calls,
        )
    click.echo(
        f"Key {key.id}, {key.name}: {', '.join(key.scopes)}. Keep it safe; it is not shown again.",
        err=True,
    )
    click.echo(secret)


@commands.command("list")
def list_keys() -> None:
    """Print every key: number, beginning, standing, scopes, limit, last use, name."""
    usual = current_app.config["CALLS_PER_MINUTE"]
    for key, owner in api_keys.list_keys():
        used = clock.in_iso(key.used_at) if key.used_at else "never used"
        standing, scopes = api_keys.standing_of(key, owner), ",".join(key.scopes)
        calls = f"{key.calls_per_minute or usual}/min"
        click.echo(
            f"{key.id:4} {key.hint}… {standing:10} {scopes:20} {calls:10} {used:24}  {key.name}"
        )


@commands.command("revoke")
@click.argument("key_id", type=int)
def revoke_key(key_id: int) -> None:
    """Refuse a key, by its number, from its next call on."""
    with refusals():
        api_keys.revoke_key(key_id, by=BY_OPERATOR)


@commands.command("hand-over")
@click.argument("key_id", type=int)
@click.option(
    "--owner", required=True, help="E-mail of the staff member who answers for it from now on."
)
def hand_over(key_id: int, owner: str) -> None:
    """Let another member answer for a key; one of an older book that has nobody can only read."""
    with refusals():
        key_changes.hand_over(
            key_id, owner_id=members.get_member_by_email(owner).id, by=BY_OPERATOR
        )


@commands.command("roll")
@click.argument("key_id", type=int)
@click.option("--old-for", "hours", type=int, default=24, help="Hours the old secret stays good.")
def roll_key(key_id: int, hours: int) -> None:
    """Make another secret and print it, for the only time; all else stays."""
    with refusals():
        click.echo(key_changes.roll_key(key_id, hours=hours, by=BY_OPERATOR)[1])


@commands.command("limit")
@click.argument("key_id", type=int)
@click.argument("calls", type=int, required=False)
def set_limit(key_id: int, calls: int | None) -> None:
    """Let a program make so many calls a minute; without a number, as many as others."""
    with refusals():
        key_changes.set_limit(key_id, calls_per_minute=calls, by=BY_OPERATOR)
