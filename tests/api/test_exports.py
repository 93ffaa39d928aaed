"""Programs take the customers of a list along."""

import csv
import io
import json

import pytest

from tests.support.cast import add
from webapp.transfer import exports
from webapp.transfer.csv_format import unguarded
from webapp.transfer.taken import latest

HEAD = ["id", "reference", "email"]


@pytest.fixture
def taker(program):
    return program("export", name="Warehouse")


@pytest.fixture
def people(site):
    with site.book.app.app_context():
        return [
            (str(one.id), one.reference, one.email)
            for one in (
                add(email=f"p{number}@example.com", phone=None, first_name=name)
                for number, name in enumerate(("=1+1", "Esi", "'Ama"))
            )
        ]


def rows(answer):
    return list(csv.reader(io.StringIO(answer.raw.decode(), newline="")))


def test_a_program_takes_everybody_as_csv(taker, people):
    answer = taker.get("customers.csv?columns=email,id,reference")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    head, *there = rows(answer)
    assert head == HEAD, "in the order of columns, without a byte order mark"
    assert [tuple(row) for row in there] == people
    names = [row[0] for row in rows(taker.get("customers.csv?columns=firstName"))[1:]]
    assert names == ["'=1+1", "Esi", "''Ama"]
    assert [unguarded(name) for name in names] == ["=1+1", "Esi", "'Ama"]


def test_a_program_takes_everybody_line_by_line(taker, people):
    answer = taker.get("customers.ndjson")
    assert answer.headers["Content-Type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.raw.decode().splitlines()]
    assert [(line["id"], line["reference"], line["email"]) for line in lines] == people
    assert list(lines[0]) == [name for name in exports.COLUMNS if name != "dateOfBirth"]
    assert lines[0]["firstName"] == "=1+1", "JSON needs no guard"
    assert lines[0]["blacklist"] is False
    assert lines[0]["phone"] is None


def test_filters_are_those_of_the_list(taker, people):
    assert len(rows(taker.get("customers.csv?blacklist=true"))) == 1
    assert len(rows(taker.get("customers.csv?search=p1%40example.com"))) == 2
    for odd in ("page=2", "columns=email,nothing", "blacklisted=true", "blacklist=yes"):
        answer = taker.get(f"customers.csv?{odd}")
        assert (answer.status, answer.code) == (400, "invalid_query"), odd


def test_the_history_keeps_which_program_took_what(taker, people, site):
    taker.get("customers.csv?search=p1%40example.com&countryCode=%2B233")
    with site.book.app.app_context():
        last = latest(1)[0]
        assert (last.subject, last.actor_name, last.kind) == ("key", "Warehouse", "exported")
        assert last.new("filter") == "countryCode=+233, found by a search"
        assert last.new("is_whole") is True


@pytest.mark.parametrize(("query", "words"), [
    ("search=", "All customers"),
    ("_=ama%40example.com&params=x", "All customers"),
    ("blacklist=true&email=p1%40example.com", "blacklist=true, found by a search"),
])  # fmt: skip
def test_nothing_personal_stands_in_the_words(taker, people, site, query, words):
    assert taker.get(f"customers.csv?{query}").status == 200
    with site.book.app.app_context():
        assert latest(1)[0].new("filter") == words


def test_a_key_whose_owner_may_not_takes_nothing(program, people):
    for owner in ("Esi", "Yaw"):
        answer = program("export", name=f"Of {owner}", owner=owner).get("customers.csv")
        assert (answer.status, answer.code) == (403, "scope_missing")


def test_other_scopes_take_nothing(program, people):
    other = program("read", "write", "blacklist", "check")
    for path in ("customers.csv", "customers.ndjson"):
        answer = other.get(path)
        assert (answer.status, answer.code) == (403, "scope_missing")
