"""Customers are taken along as a file: by whom, which, and what stays of it in the history."""

import csv
import gc
import hashlib
import io
from datetime import UTC
from uuid import UUID

import pytest

from tests.support.cast import actor, add
from tests.support.commands import run
from webapp.blacklist import opening
from webapp.customers import erase
from webapp.http import streaming
from webapp.search.filters import CustomerFilter
from webapp.staff import members
from webapp.transfer import exports
from webapp.transfer.csv_format import guarded, unguarded
from webapp.transfer.taken import latest

HOSTILE = ("=1+1", "+233", "-x", "@y", "'=", "''", '"quoted"', "two\nlines", "\t=1", " =1", "سلمان")


def taken(response):
    """The rows of a file, as a program reads them that knows the guard."""
    text = response.data.decode("utf-8-sig")
    return [[unguarded(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]


def export(desk, address="/customers/export", columns=tuple(exports.COLUMNS)):
    desk.open(address)
    response = desk.send("export-form", columns=list(columns))
    assert response.data is not None  # read to its end
    response.close()
    return response


@pytest.fixture
def people(book, desk_of):
    """Five, of whom the third is blacklisted and the last lives in Nigeria."""
    with book.app.app_context():
        made = [
            add(first_name=name, email=f"p{number}@example.com", phone=phone)
            for number, (name, phone) in enumerate(
                [("Ada", None), ("=1+1", None), ("Esi", "+233201234561"), ("Yao", None),
                 ("Ngozi", "+2348012345678")]
            )
        ]  # fmt: skip
        opening.open_case(made[2].id, reason="fraud", by=actor("Esi"))
        return [(str(one.id), one.email) for one in made]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula_and_each_comes_back(text):
    cell = guarded(text)
    assert cell[:1] not in "=+-@\t\r" or not cell
    assert unguarded(cell) == text


@pytest.mark.parametrize("text", [" =1", "\n=1", "\uff1d1", "\uff0b233", "'", "\t1"])
def test_what_some_spreadsheet_takes_for_a_formula_is_guarded(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("deed", ["demoted", "deactivated"])
def test_whoever_may_not_any_more_gets_no_more(book, people, monkeypatch, deed):
    monkeypatch.setattr(exports, "BATCH", 2)
    with book.app.app_context():
        by = actor("Ama")
        one = exports.begin(CustomerFilter(), UTC, description="All", columns=["email"], by=by)
        pieces = exports.csv_of(one, by=by, for_people=False)
        read = [next(pieces), next(pieces)]
        if deed == "demoted":
            members.change_role(by.id, role="agent", by=actor("Adwoa"))
        else:
            members.set_active(by.id, active=False, by=actor("Adwoa"))
        read += list(pieces)
        assert b"".join(read).count(b"@example.com") == 2
        assert latest(1)[0].new("is_whole") is False


def test_everything_is_taken_in_the_order_of_creation(desk_of, people):
    response = export(desk_of("Ama"))
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="customers-')
    assert response.data.startswith(b"\xef\xbb\xbf")
    head, *rows = taken(response)
    assert head == list(exports.COLUMNS)
    assert [(row[0], row[4]) for row in rows] == people
    assert rows[1][2] == "=1+1"
    assert b'"\'=1+1"' in response.data
    assert rows[2][5:10] == ["+233201234561", "+233", "", "true", "fraud"]
    assert b'"\'+233201234561"' in response.data


def test_only_what_the_list_shows_is_taken(desk_of, people, book):
    ama = desk_of("Ama")
    (_, only) = taken(export(ama, "/customers/export?standing=blacklisted"))
    assert only[4] == people[2][1]
    (_, only) = taken(export(ama, "/customers/export?dial_code=%2B234"))
    assert only[4] == people[4][1]
    ama.open("/customers")
    ama.send("search-form", q="annan")
    ama.follow()
    link = next(one.get("href") for one in ama.page.tree.iter("a") if one.get("id") == "export")
    assert "annan" not in link, "the text is sealed"
    assert [row[4] for row in taken(export(ama, link))[1:]] == [email for _, email in people]
    ama.open(link)
    assert "5 customers: found by a search" in ama.text


def test_columns_are_chosen_and_remembered(desk_of, people):
    ama = desk_of("Ama")
    ama.open("/customers/export")
    form = ama.form("export-form")
    data = {"csrf_token": form.find(".//input[@name='csrf_token']").get("value")}
    response = ama.client.post("/customers/export", data=data | {"columns": ["email", "id"]})
    assert taken(response)[0] == ["id", "email"]
    response.close()
    ama.open("/customers/export")
    boxes = [one for one in ama.page.tree.iter("input") if one.get("name") == "columns"]
    assert [one.get("value") for one in boxes if one.get("checked") is not None] == ["id", "email"]
    response = ama.client.post("/customers/export", data=data)
    assert response.status_code == 422
    assert "Choose at least one column" in response.text


def file(folder, content):
    path = folder / "taken.csv"
    path.write_bytes(content)
    return str(path)


def test_the_history_keeps_who_took_what(desk_of, people, book, tmp_path):
    response = export(desk_of("Ama"), "/customers/export?standing=blacklisted")
    body = response.data
    with book.app.app_context():
        last, first = latest(5)
        assert (first.kind, last.kind) == ("export_began", "exported")
        assert {last.actor_name, first.actor_name} == {"Ama"}
        assert last.new("filter") == "Blacklisted"
        assert (last.new("number"), last.new("is_whole")) == (1, True)
        status, output = run(book, "exports", "who", file(tmp_path, body))
        assert (status, output.partition(", 2")[0]) == (0, "Ama")
        assert output.endswith(": 1 customers (Blacklisted)\n")
        assert run(book, "exports", "who", file(tmp_path, body + b" "))[0] == 1
        assert hashlib.sha256(body).hexdigest() not in str(last.values.new)
    adwoa = desk_of("Adwoa")
    adwoa.open("/exports")
    assert "1 customer" in adwoa.text
    assert "Blacklisted" in adwoa.text


def test_a_file_that_was_broken_off_is_told_so(book, people):
    with book.app.app_context():
        by = actor("Ama")
        one = exports.begin(CustomerFilter(), UTC, description="All", columns=["id"], by=by)
        pieces = exports.csv_of(one, by=by, for_people=False)
        next(pieces)
        pieces.close()
        assert latest(1)[0].new("is_whole") is False


@pytest.mark.parametrize("is_long", [True, False])
def test_whoever_is_there_all_the_time_comes_exactly_once(book, people, monkeypatch, is_long):
    monkeypatch.setattr(exports, "BATCH", 2)
    monkeypatch.setattr(exports, "MOST_FOUND", 1 if is_long else 100)
    with book.app.app_context():
        by = actor("Ama")
        one = exports.begin(CustomerFilter(), UTC, description="All", columns=["email"], by=by)
        pieces = exports.csv_of(one, by=by, for_people=False)
        read = [next(pieces), next(pieces)]
        erase.delete_customer(UUID(people[3][0]), by=by)
        added = add(email="late@example.com", phone=None)
        read += list(pieces)
        text = b"".join(read).decode()
        for number in (0, 1, 2, 4):
            assert text.count(f'"p{number}@example.com"') == 1
        assert "p3@" not in text
        assert text.count(added.email) == (1 if is_long else 0), "added after it began"


def test_many_customers_need_a_fresh_sign_in(desk_of, people, monkeypatch, the_clock):
    monkeypatch.setattr(exports, "MANY", 4)
    ama = desk_of("Ama")
    assert export(ama).status_code == 200
    the_clock.forward(minutes=16)
    response = export(ama)
    assert response.status_code == 401
    assert b"p0@example.com" not in response.data
    assert export(ama, "/customers/export?standing=blacklisted").status_code == 200


def test_only_so_many_in_an_hour(desk_of, people, book):
    ama = desk_of("Ama")
    for _ in range(exports.IN_AN_HOUR.size):
        assert export(ama, "/customers/export?standing=blacklisted").status_code == 200
    response = export(ama, "/customers/export?standing=blacklisted")
    assert response.status_code == 429
    assert "very often" in response.text
    assert export(desk_of("Adwoa")).status_code == 200


def test_few_files_are_sent_at_a_time(desk_of, people):
    ama = desk_of("Ama")
    gc.collect()  # answers that another test did not read to their end
    assert streaming._places.acquire(timeout=5)
    try:
        response = export(ama)
        assert response.status_code == 429
        assert "Somebody else is exporting" in response.text
    finally:
        streaming._places.release()
    for _ in range(3):
        assert export(ama).status_code == 200, "each gives its place back"


def test_a_search_that_finds_too_many_is_refused(desk_of, people, monkeypatch):
    monkeypatch.setattr(exports, "MOST_FOUND", 3)
    ama = desk_of("Ama")
    ama.open("/customers")
    ama.send("search-form", q="example.com")
    ama.follow()
    link = next(one.get("href") for one in ama.page.tree.iter("a") if one.get("id") == "export")
    response = export(ama, link)
    assert response.status_code == 422
    assert "Type more, or use filters" in response.text


@pytest.mark.parametrize("name", ["Yaw", "Esi"])
def test_others_may_not(desk_of, people, name):
    desk = desk_of(name)
    for path in ("/customers/export", "/exports"):
        assert desk.open(path).status_code == 403
    desk.open("/customers")
    assert "export" not in [one.get("id") for one in desk.page.tree.iter("a")]
