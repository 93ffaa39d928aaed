"""Commands that say where changes are sent."""

import click
from flask.cli import AppGroup

from webapp.cli.acting import BY_OPERATOR, refusals
from webapp.http.doors import may_reach_loopback
from webapp.programs.change_feed import ALL_TYPES
from webapp.programs.webhooks import deliveries, endpoints
from webapp.programs.webhooks.due import count_waiting

NUMBER = click.IntRange(1, 2**63 - 1)
webhooks = AppGroup("webhooks", help="Addresses that are told of each change.")


@webhooks.command("add")
@click.argument("url")
@click.option("--description", default="", help="Such as the name of the system.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(ALL_TYPES), help="All if none.")
def add(url: str, description: str, kinds: tuple[str, ...]) -> None:
    """Add a webhook and print its secret, for the only time, on the last line."""
    raw = {"url": url, "description": description, "kinds": kinds}
    with refusals():
        one, secret = endpoints.add_endpoint(raw, by=BY_OPERATOR, loopback=may_reach_loopback())
    click.echo(f"Webhook {one.id}. Keep its secret safe; it is not shown again.", err=True)
    click.echo(secret)


@webhooks.command("list")
def list_webhooks() -> None:
    """Print every webhook: number, state, how many messages wait, address."""
    for one in endpoints.list_endpoints():
        state = f"off: {one.off_why}" if one.off_since else "failing" if one.failures else "on"
        waiting = count_waiting(one.id, cap=1_000)
        click.echo(f"{one.id}\t{state}\t{waiting}\t{one.url}")


@webhooks.command("roll")
@click.argument("number", type=NUMBER)
def roll(number: int) -> None:
    """Make another secret and print it; the one before signs too for a day."""
    with refusals():
        click.echo(endpoints.roll_secret(number, by=BY_OPERATOR)[1])


@webhooks.command("test")
@click.argument("number", type=NUMBER)
def test(number: int) -> None:
    """Let the worker send a test."""
    with refusals():
        deliveries.send_test(number)


@webhooks.command("off")
@click.argument("number", type=NUMBER)
def off(number: int) -> None:
    """Send nothing until it is switched on; what happens meanwhile waits."""
    with refusals():
        endpoints.switch_off(number, by=BY_OPERATOR)


@webhooks.command("on")
@click.argument("number", type=NUMBER)
def on(number: int) -> None:
    """Send again, first what happened meanwhile."""
    with refusals():
        endpoints.switch_on(number, by=BY_OPERATOR)


@webhooks.command("remove")
@click.argument("number", type=NUMBER)
def remove(number: int) -> None:
    """Remove a webhook, and what waits to be sent."""
    with refusals():
        endpoints.remove_endpoint(number, by=BY_OPERATOR)
