"""Everything about one person, for themselves."""

import json
import zipfile
from io import BytesIO

import pytest

from tests.support.cast import actor, add, bad, kinds
from webapp.customers import edit, finding, notes
from webapp.programs import api_keys


@pytest.fixture
def person(book, desk_of):
    """Blacklisted and noted, with a change of details."""
    with book.app.app_context():
        one = bad()
        edit.change(one.id, {"first_name": "Koffi"}, by=actor("Ama"))
        notes.add_note(one.id, "Sounded angry.", by=actor("Esi"))
        api_keys.create_key(name="Till", scopes=["read"], by=actor("Ama"))
        add(first_name="Other", email="other@example.com")
        return one.id


def everything(desk, person, **typed):
    desk.open(f"/customers/{person}/everything")
    response = desk.send("disclosure-form", **typed)
    with zipfile.ZipFile(BytesIO(response.data)) as packed:
        assert sorted(packed.namelist()) == ["customer.html", "customer.json"]
        return json.loads(packed.read("customer.json")), packed.read("customer.html").decode()


def test_it_has_details_changes_cases_and_recipients(book, desk_of, person):
    content, page = everything(desk_of("Ama"), person)
    assert content["details"]["firstName"] == "Koffi"
    assert [case["reason"] for case in content["blacklistings"]] == ["Fraud"]
    assert content["changes"][2]["old"] == {"first_name": "Kofi"}
    assert [note["text"] for note in content["notes"]] == ["Sounded angry."]
    assert [one["name"] for one in content["recipients"]["programs"]] == ["Till"]
    assert "Koffi" in page
    assert "other@example.com" not in page
    assert not {"Ama", "Esi"} & set(page.split()), "staff are people too"
    with book.app.app_context():
        assert kinds(finding.get_customer(person))[0] == "disclosed"


def test_what_staff_wrote_can_be_withheld_with_a_reason(desk_of, person):
    desk = desk_of("Ama")
    desk.open(f"/customers/{person}/everything")
    assert desk.send("disclosure-form", withhold="yes").status_code == 422
    assert "Say why it is withheld" in desk.text
    content, page = everything(desk, person, withhold="yes", reason="An inquiry goes on")
    assert "Sounded angry" not in page + json.dumps(content)
    assert "An inquiry goes on" in page


def test_who_received_it_names_exports(desk_of, person):
    desk = desk_of("Ama")
    desk.open("/customers/export")
    desk.send("export-form", columns=["email"]).close()
    content, _ = everything(desk, person)
    assert [one["columns"] for one in content["recipients"]["exports"]] == ["email"]


@pytest.mark.parametrize("name", ["Yaw", "Esi"])
def test_agents_and_viewers_may_not(desk_of, person, name):
    assert desk_of(name).open(f"/customers/{person}/everything").status_code == 403
