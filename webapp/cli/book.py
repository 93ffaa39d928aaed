"""Commands that check or renew what is derived from the customers."""

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import func, select

from webapp import subjects
from webapp.blacklist.entries.projection import EntryMatches
from webapp.cli.acting import refusals
from webapp.cli.progress import progress_bar
from webapp.cli.target import migrated
from webapp.customers.models import Customer
from webapp.history import changes, found, log, of_book, unlogged, verify
from webapp.history.verify import Tally
from webapp.kernel import dialects
from webapp.kernel.database import db, writing
from webapp.lookalikes import derived_keys
from webapp.transfer import rebuild
from webapp.transfer.samples import load
from webapp.transfer.to_postgresql import Difference

MAX_SHOWN = 20
book = AppGroup("book", help="Whether lists and searches find what is in the book.")


@book.command("check")
@click.option("--repair", is_flag=True, help="Derive everything anew when something is wrong.")
def check_book(repair: bool) -> None:
    """Hold keys, the search index, counts and times of waiting
    against the customers; exit status 1 if they differ.

    Keys are made anew in batches, between which people work. What somebody writes meanwhile waits
    for the search index to be checked, and for it to be made anew, or gets 503 and should be sent
    again. Indexes that a bulk load has left out are made first.

    Nothing is repaired while customers or cases contradict the history: what is derived anew from
    them would wipe the traces. How much was repaired stands in the history of the book, without
    keys, because that is never erased.
    """
    load.finish()
    dialects.snapshot()
    of_keys = list(derived_keys.faults())
    faults = of_keys + list(changes.faults())
    for fault in faults[:MAX_SHOWN]:
        click.echo(fault)
    if faults and repair:
        _refuse_to_wipe_traces()
    if of_keys and repair:
        derive_keys_anew()
    if len(faults) > len(of_keys) and repair:
        with writing():
            changes.rebuild()
            of_book.note("repaired", {"number": len(faults)})
    elif faults and repair:
        of_book.note("repaired", {"number": len(faults)})
    if faults and not repair:
        raise click.ClickException(
            f"{len(faults):,} faults. `flask --app wsgi book check --repair` mends them."
        )
    customers = db.session.scalar(select(func.count()).select_from(Customer)) or 0
    state = "was derived anew" if faults else "is as it should be"
    click.echo(f"What is derived from {customers:,} customers {state}.")


def _refuse_to_wipe_traces() -> None:
    log.catch_up()
    faults = verify.faults(subjects.everybody(), Tally(), subjects.ROWS)
    number = sum(fault.subject.kind in ("customer", "entry") for fault in faults)
    if number:
        raise click.ClickException(
            f"{number:,} rows or entries contradict the history, so nothing was "
            "repaired. `flask --app wsgi history verify` names each."
        )


@book.command("renew-keys")
def renew_keys() -> None:
    """Make the keys of customers anew if other rules made them, add entries of before the log to
    it, and write down what they do not say, as after an upgrade; people can go on working.

    `make run` and `make serve` do this beside the server.
    """
    if derived_keys.are_of_older_rules():
        derive_keys_anew()
    if unlogged.are_unlogged():
        with progress_bar("Entries", unlogged.number_of_entries()) as more:
            unlogged.add_unlogged(progress=more)
    write_down_what_is_found()


@book.command("rebuild")
@click.option(
    "--from-history",
    "url",
    required=True,
    help="Of an empty database: sqlite:////… or postgresql+psycopg://….",
)
def rebuild_book(url: str) -> None:
    """Make a whole book anew from the history of this one, in an empty database, and hold every row
    of both against each other; exit status 1 if they differ. Stop Gatebook first.

    What was erased stays erased. What the history does not tell is taken over as it is: passwords,
    preferences, sessions, limits, saved views, and similar customers nobody has decided about.
    """
    with refusals():
        rebuild.refuse_untold()
        with migrated(url) as there:
            different = _rebuilt(there)
    for difference in different:
        click.echo(str(difference))
    if different:
        raise click.ClickException(
            "The two books differ: history verify says where, if Gatebook was stopped meanwhile."
        )
    click.echo("Both hold the same rows.")


def _rebuilt(there: Flask) -> list[Difference]:
    with there.app_context():
        target = db.engine
    with progress_bar("Subjects", derived_keys.number_of_customers()) as more:
        rebuild.rebuild(target, progress=more)
    click.echo("Search, counts, and a comparison of all rows")
    with there.app_context(), writing():
        changes.rebuild()
    return rebuild.compare(target)


def write_down_what_is_found() -> None:
    """What the entries of earlier editions, or of a bulk load, do not say."""
    if found.are_untold():
        with progress_bar("Customers found", derived_keys.number_of_customers()) as more:
            found.complete(subjects.UNTOLD, progress=more)


def derive_keys_anew() -> None:
    with progress_bar("Customers", derived_keys.number_of_customers()) as more:
        derived_keys.derive_anew(progress=more)
    with writing():
        EntryMatches().rebuild()
