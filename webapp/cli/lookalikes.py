"""Commands about similar customers."""

import click
from flask.cli import AppGroup

from webapp.lookalikes import rehearsal

lookalikes = AppGroup("lookalikes", help="Similar customers, and the rules that find them.")
MAX_LISTED = 50


@lookalikes.command("rehearse")
@click.option("--list", "is_listed", is_flag=True, help=f"The first {MAX_LISTED} of each, by id.")
def rehearse(is_listed: bool) -> None:
    """What would the present rules change in this book?

    Compares the pairs that wait for managers with those that the rules of this program find; reads
    only. `blacklist find-lookalikes` makes it so.
    """
    outcome = rehearsal.rehearse()
    for name, pairs in (("added", outcome.added), ("let go", outcome.let_go)):
        click.echo(f"{len(pairs):,} would be {name}")
        if is_listed:
            for pair in pairs[:MAX_LISTED]:
                click.echo(f"  {pair.customer_id} {pair.blacklisted_id} {' '.join(pair.signals)}")
