"""Records that were merged, through the JSON door: every handle leads to the survivor."""

from uuid import UUID

import pytest

from tests.api.program import refusal
from tests.support.cast import actor, add, bad
from webapp.merging.agreeing import agree_to_merge
from webapp.merging.merging import merge
from webapp.merging.taking_back import take_back

NOTE = "One passport."
HANDLES = ("id", "reference", "email")


@pytest.fixture
def two(api_book):
    """What programs know of two records of which one is merged into the other."""
    with api_book.app.app_context():
        one, other = add(), add(first_name="Kojo", email="kojo@example.com", phone=None)
        merge(one.id, other.id, choices={"email": "survivor"}, note=NOTE, by=actor("Ama"))
        return [{name: str(getattr(each, name)) for name in HANDLES} for each in (one, other)]


@pytest.mark.parametrize("handle", HANDLES)
def test_each_handle_leads_to_the_survivor(asking, two, handle):
    one, other = two
    answer = asking.get(f"customers/{other[handle]}")
    assert (answer.data["id"], answer.data["mergedFrom"]) == (one["id"], [other["id"]])
    assert answer.headers["Content-Location"] == f"/api/v1/customers/{one['id']}"
    own = asking.get(f"customers/{one[handle]}")
    assert (own.data, "Content-Location" in own.headers) == (answer.data, False)
    assert own.headers["ETag"] != answer.headers["ETag"]
    check = asking.post("customers/check", {handle: other[handle]})
    assert check.data["decision"] == "allow"


def test_calls_with_the_old_id_go_on_working(asking, two):
    one, other = two
    changed = asking.call("PATCH", f"customers/{other['id']}", {"lastName": "Owusu"})
    assert (changed.data["id"], changed.data["lastName"]) == (one["id"], "Owusu")
    listed = asking.post(f"customers/blacklist/{other['id']}", {"blacklist": True})
    assert (listed.data["id"], listed.data["blacklist"]) == (one["id"], True)
    check = asking.post("customers/check", {"email": other["email"]}).data
    assert (check["decision"], check["matchedOn"]) == ("deny", ["email"])


def test_lists_and_searches_lead_to_the_survivor(asking, two):
    one, other = two
    found = asking.get(f"customers?email={other['email']}&reference={other['reference']}").data
    assert [row["id"] for row in found["customers"]] == [one["id"]]
    assert (
        asking.post("customers/fetch_customer", {"email": other["email"]}).data["id"] == one["id"]
    )


def test_an_old_version_is_none_of_the_survivors(asking, two):
    _, other = two
    address = f"customers/{other['id']}"
    old = asking.call("PATCH", address, {"lastName": "A"}, If_Match='"2"')
    refusal(old, 412, "changed_meanwhile")
    tag = asking.get(address).headers["ETag"]
    assert asking.call("PATCH", address, {"lastName": "A"}, If_Match=tag).status == 200
    refusal(
        asking.call("PATCH", address, {"lastName": "B"}, If_Match=tag), 412, "changed_meanwhile"
    )


def test_whoever_deletes_must_name_the_survivor(asking, two):
    one, other = two
    refusal(asking.call("DELETE", f"customers/{other['id']}"), 409, "customer_merged")
    assert asking.call("DELETE", f"customers/{one['id']}").status == 200
    gone = asking.get(f"customers/{other['id']}")
    assert (gone.status, gone.json["code"]) == (404, "customer_deleted")


def test_an_address_and_a_reference_stay_taken(asking, two):
    one, other = two
    taken = asking.post("customers", {"email": other["email"]})
    refusal(taken, 400, "email_taken")
    given = {"email": "new@example.com", "reference": other["reference"]}
    refusal(asking.post("customers", given), 400, "reference_taken")
    put = asking.call(
        "PUT", f"customers/by-reference/{other['reference']}", {"email": one["email"]}
    )
    assert (put.status, put.data["id"]) == (200, one["id"])


def test_after_the_undo_all_is_as_before(asking, two, api_book):
    one, other = two
    with api_book.app.app_context():
        take_back(UUID(other["id"]), note=NOTE, by=actor("Ama"))
    answer = asking.get(f"customers/{other['id']}")
    assert (answer.data["id"], "mergedFrom" in answer.data) == (other["id"], False)
    assert "mergedFrom" not in asking.get(f"customers/{one['id']}").data


def test_whatever_was_known_of_the_blacklisted_one_denies(asking, api_book):
    """Their phone too, although the survivor has another one."""
    with api_book.app.app_context():
        one, other = add(), bad(email="bad@example.com", phone="+233201234999")
        merge(one.id, other.id, choices={"phone": "survivor"}, note=NOTE, by=actor("Ama"))
        agree_to_merge(one.id, other.id, by=actor("Adwoa"))
    for given in ({"phone": "+233201234999"}, {"email": "bad@example.com"}, {"phone": one.phone}):
        assert asking.post("customers/check", given).data["decision"] == "deny"
