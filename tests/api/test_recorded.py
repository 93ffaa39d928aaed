"""A book made by the old code answers 200 recorded calls as it did then, byte for byte.

Answers that differ on purpose are in `recorded/changed.jsonl`, with the reason and today's answer;
`record.py` says how the recording was made. There are no placeholders: the clock, ids, references
and request ids are the same in every run. Only the methods of `Allow` are sorted, because Flask
lists them in the order of a set.
"""

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.api.conftest import own_database
from tests.api.record import open_book
from tests.api.recorded.replay import ANSWERS, BOOK, CHANGED, SETTINGS, Call, World, read_lines
from tests.api.recorded.replay import replay as ask
from tests.support.histories import faults_in_histories
from webapp.settings import PROJECT

RECORDED = read_lines(ANSWERS)
CHANGES = {line["number"]: line for line in read_lines(CHANGED)}


@pytest.fixture(params=["sqlite", "repaired", "postgresql"])
def old_book(request, tmp_path) -> Iterator[tuple]:
    """The old code's book after today's migrations; also after `book check --repair`, which
    rebuilds the projections, and on PostgreSQL.
    """
    path: Path = tmp_path / "book.db"
    path.write_bytes(gzip.decompress(BOOK.read_bytes()))
    with open_book(f"sqlite:///{path}") as (app, world):
        if request.param == "repaired":
            repair = ["book", "check", "--repair"]
            assert app.test_cli_runner().invoke(args=repair).exit_code == 0
        if request.param != "postgresql":
            yield app, world
            return
    url = own_database(request.getfixturevalue("postgres_url"), "recorded")
    copy_book(path, url)
    with open_book(url) as (app, world):
        yield app, world


def copy_book(path: Path, url: str) -> None:
    """Copy a book into an empty PostgreSQL database, as an operator would."""
    words = ["-m", "flask", "--app", "wsgi", "data", "copy", "--to", url]
    environment = os.environ | SETTINGS | {"GATEBOOK_DATABASE_URL": f"sqlite:///{path}"}
    copying = subprocess.run(
        [sys.executable, *words], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert copying.returncode == 0, copying.stderr


def test_an_old_book_answers_as_it_did(old_book: tuple, figure):
    app, world = old_book
    wrong = list(differences(app.test_client(), world))
    assert wrong == []
    with app.app_context():
        assert list(faults_in_histories()) == []
    figure(f"{len(RECORDED)} recorded calls: {len(CHANGES)} answers changed on purpose, no other")


def differences(client, world: World) -> Iterator[str]:
    calls = [Call(**line["call"]) for line in RECORDED]
    for line, call, answer in zip(RECORDED, calls, ask(client, world, calls), strict=True):
        expected = CHANGES.get(line["number"], line)["answer"]
        if asdict(answer) != expected:
            yield f"{line['number']}: {call}\nwas {expected}\nis  {answer}"


def test_the_recording_is_of_two_hundred_calls():
    asked = [str({**line["call"], "after": None}) for line in RECORDED]
    assert len(asked) == 200
    assert len(set(asked)) == 194, "six are asked twice, with and without an idempotency key"


@pytest.mark.parametrize("number", CHANGES)
def test_what_changed_has_a_reason(number):
    changed = CHANGES[number]
    assert changed["why"].endswith(".")
    assert changed["answer"] != RECORDED[number - 1]["answer"]
