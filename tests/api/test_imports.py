"""Programs bring customers in: a file, its check, and its application."""

import pytest

from tests.api.program import refusal
from tests.support.cast import add
from tests.support.sets import table, work
from webapp.batches import change_set

ROWS = [
    ("Afia", "Osei", "afia@import.example", "020 123 4001", "GH"),
    ("Yaa", "Badu", "yaa@import.example", "2.34802E+12", "NG"),
]
CSV = {"Content_Type": "text/csv"}


@pytest.fixture
def importer(program):
    return program("import", "read", name="Warehouse")


def send(program, content=None, query="", **headers):
    content = table(ROWS) if content is None else content
    return program.call("POST", f"imports{query}", raw=content, **(CSV | headers))


def worked_on(site, number):
    with site.book.app.app_context():
        work(change_set.find_set(number), site.book.app.config["FILES_FOLDER"])


def checked(site, program, *more, **headers):
    number = send(program, *more, **headers).data["number"]
    worked_on(site, number)
    return program.get(f"imports/{number}").data


def test_a_file_is_checked_and_applied(site, importer):
    answer = send(importer)
    assert (answer.status, answer.data["atWork"]) == (202, True)
    one = checked(site, importer)
    assert (one["state"], one["counts"]) == ("checked", {"new": 1, "refused": 1})
    assert one["columns"]["Email"] == "email"
    (problem,) = one["problems"]
    assert (problem["row"], problem["column"]) == (3, "phone")
    assert "shortened" in problem["problem"]
    assert importer.get("customers").data["meta"]["itemCount"] == 0


def test_what_was_checked_is_applied_once(site, importer):
    number = checked(site, importer)["number"]
    assert importer.post(f"imports/{number}/apply").status == 202
    worked_on(site, number)
    applied = importer.get(f"imports/{number}").data
    assert (applied["state"], applied["counts"]["done"]) == ("applied", 1)
    refusal(importer.post(f"imports/{number}/apply"), 409, "other_state")


def test_columns_are_said_where_headings_do_not(site, importer):
    content = b"who;mail\nAma Mensah;ama@import.example\n"
    one = checked(site, importer, content, "?columns=name,email&name=till.csv")
    assert one["counts"] == {"new": 1}
    nothing = send(importer, content, "?columns=name,")
    assert refusal(nothing, 400, "invalid_query")["fields"] == {
        "columns": ["Say which column is the e-mail, reference or id"]
    }


@pytest.mark.parametrize("query", ["?match=phone", "?existing=x", "?country=ZZ", "?reason=x"])
def test_choices_that_mean_nothing_are_refused(importer, query):
    content = table([("a@b.example", "true")], ("email", "blacklist"))
    refusal(send(importer, content, query), 400, "invalid_query")


def test_what_is_no_table_is_refused(importer):
    said = refusal(send(importer, b"\x89PNG\r\n\x1a\n" + bytes(100)), 400, "not_a_table")
    assert "picture" in said["message"]
    refusal(send(importer, b""), 400, "not_a_table")


def test_a_key_sees_its_own_imports_only(site, importer, program):
    other = program("import", name="Other")
    number = checked(site, importer)["number"]
    refusal(other.get(f"imports/{number}"), 404, "set_not_found")
    refusal(other.post(f"imports/{number}/apply"), 404, "set_not_found")
    refusal(other.get("imports/none"), 404, "set_not_found")
    refusal(program("write", name="Writer").get(f"imports/{number}"), 403, "scope_missing")
    refusal(program("import", owner="Esi", name="Agent").get("imports/1"), 403, "scope_missing")


def test_blacklisting_by_file_needs_its_scope(site, importer, program):
    content = table([("a@b.example", "yes")], ("email", "blacklist"))
    assert checked(site, importer, content)["counts"] == {"refused": 1}
    both = program("import", "blacklist", name="Both")
    assert checked(site, both, content)["counts"] == {"new": 1}


def test_the_same_file_again_is_the_same(site, importer):
    with site.book.app.app_context():
        add(first_name="Afia", last_name="Osei", email=ROWS[0][2], phone="+233201234001")
    one = checked(site, importer, table(ROWS[:1]), "?existing=overwrite")
    assert one["counts"] == {"same": 1}
    refusal(importer.post(f"imports/{one['number']}/apply"), 409, "nothing_to_apply")
