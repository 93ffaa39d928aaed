"""A file is imported by command, in the name of somebody who answers for it."""

import pytest

from tests.support import cast
from tests.support.commands import run
from tests.support.sets import everybody, table
from webapp.customers.changes import find_tombstone

ROWS = [
    ("Afia", "Osei", "afia@import.example", "020 123 4001", "GH"),
    ("Yaa", "Badu", "no address", "", ""),
]


@pytest.fixture
def file(staffed, tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(table(ROWS))
    return path


def command(book, file, *more, by="ama@example.com"):
    return run(book, "customers", "import", str(file), "--by", by, *more)


def test_it_is_checked_and_applied(staffed, file):
    status, output = command(staffed, file)
    assert status == 0, output
    assert "1 new, 1 refused" in output
    assert "row 3, email: " in output
    (afia,) = everybody()
    assert (afia.phone, cast.kinds(afia)) == ("+233201234001", ["created"])
    assert find_tombstone(afia.id) is None


def test_a_check_changes_nothing(staffed, file):
    status, output = command(staffed, file, "--check")
    assert (status, everybody()) == (0, [])
    assert "1 new" in output


def test_columns_can_be_said(staffed, file):
    status, output = command(staffed, file, "--map", "last_name,first_name,email,,")
    assert status == 0, output
    assert everybody()[0].first_name == "Osei"
    status, output = command(staffed, file, "--map", "surname,,email,,")
    assert status == 1
    assert "No such field: surname" in output


@pytest.mark.parametrize(
    ("by", "sentence"),
    [("esi@example.com", "may not import customers"), ("nobody@example.com", "Error: ")],
)
def test_somebody_who_may_answers_for_it(staffed, file, by, sentence):
    status, output = command(staffed, file, by=by)
    assert status == 1
    assert sentence in output
    assert everybody() == []


def test_what_is_no_table_is_refused(staffed, tmp_path):
    (tmp_path / "x.csv").write_bytes(b"")
    status, output = command(staffed, tmp_path / "x.csv")
    assert status == 1
    assert "This file is empty" in output
