"""The commands that prove the history."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import IO
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup

from webapp import proving
from webapp.cli.acting import refusals
from webapp.cli.progress import progress_bar
from webapp.customers import finding
from webapp.history.entries import Subject
from webapp.history.proofs import anchors, inclusion
from webapp.history.proofs.roots import Root
from webapp.history.verify import Tally
from webapp.kernel import crypto
from webapp.kernel.fields import parse_int
from webapp.lookalikes import derived_keys

KINDS = ("customer", "key", "role", "staff")
history = AppGroup("history", help="What happened, and whether it still stands as it was written.")


@history.command("verify")
@click.option(
    "--against",
    "files",
    multiple=True,
    type=click.File(),
    help="A file of roots that were kept outside the book: it must continue each of them.",
)
@click.option("--new", "only_new", is_flag=True, help="Only what came since the last proof.")
@click.option("--anew", is_flag=True, help="From the beginning, even if a run was broken off.")
def verify_history(files: Sequence[IO[str]], only_new: bool, anew: bool) -> None:
    """Check every entry of the history, the rows that it tells of, and the log of all; name each
    that was altered, moved or lost, with exit status 1. What two managers have explained is named
    with their note, and is no reason for that status.

    A run that was broken off within a day goes on where it stopped. With --new, only customers and
    others with entries since the last proof are checked: run it every hour, and the whole every
    week, because rows changed by hand have no new entries.
    """
    known = _kept_in(files)
    check = proving.Check(only_new=only_new, anew=anew)
    if check.run:
        after = check.run.after
        click.echo(f"Going on after {after.kind} {proving.public_name(after)}.")
    number = derived_keys.number_of_customers()
    with progress_bar("Subjects", number, aside=True) as more:
        for line in check.lines(known, progress=lambda: more(1)):
            click.echo(line)
    if check.number:
        raise click.ClickException(f"{check.number:,} of these are not as they were written.")
    click.echo(_last_line(check.tally, check.explained))


def _last_line(tally: Tally, explained: int) -> str:
    checked = f"{tally.entries:,} entries about {tally.subjects:,} subjects: "
    if explained:
        end = f"all but {explained:,}, which two managers have explained, are as written."
    else:
        end = "all are as they were written."
    later = "\nEarlier entries are still being added to the log: run book renew-keys."
    return checked + end + (later if tally.unlogged else "")


def _kept_in(files: Sequence[IO[str]]) -> list[Root]:
    known: list[Root] = []
    for file in files:
        try:
            known += anchors.read_roots(file.read())
        except ValueError as wrong:
            raise click.ClickException(f"{file.name}: {wrong}.") from None
    return known


@history.command("anchor")
def keep_root() -> None:
    """Sign the root of the history as it is now, print it, and have it kept where
    GATEBOOK_ROOTS_TO says. Run it every hour, and with each backup.
    """
    try:
        root, problems = anchors.anchor(current_app.config["ROOTS_TO"])
    except crypto.NoRootKey:
        raise click.ClickException("GATEBOOK_ROOT_KEY is not set, so nothing was signed.") from None
    click.echo(root.line)
    if problems:
        raise click.ClickException(" ".join(problems))


@history.command("public-key")
def show_public_key() -> None:
    """Print the public key of roots, for those who check them elsewhere."""
    try:
        click.echo(crypto.public_key().hex())
    except crypto.NoRootKey:
        raise click.ClickException("GATEBOOK_ROOT_KEY is not set.") from None


@history.command("prove")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("subject")
@click.argument("number", type=click.IntRange(1))
@click.option("--root", "file", required=True, type=click.File(), help="Its last line is a root.")
def prove_entry(kind: str, subject: str, number: int, file: IO[str]) -> None:
    """Print the proof that an entry stands in the history of a root, as JSON.

    SUBJECT is the id of a customer, or the number of a member, key or role. Whoever has the proof
    and the root can check it with docs/verify_entry.py.
    """
    known = _kept_in([file])
    if not known:
        raise click.ClickException(f"{file.name} has no root.")
    with refusals():
        proof = inclusion.prove(_subject_named(kind, subject), number, known[-1])
        click.echo(json.dumps(proof, ensure_ascii=False))


def _subject_named(kind: str, name: str) -> Subject:
    if kind != "customer" or name.isdecimal():
        return Subject(kind, parse_int(name) or 0)
    with suppress(ValueError):
        return finding.find_subject(UUID(name)) or Subject(kind, 0)
    return Subject(kind, 0)
