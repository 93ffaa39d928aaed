"""`dateOfBirth` on the wire: for keys that may write."""

import csv
import io

import pytest

BORN = "1985-12-31"
KOFI = {"firstName": "Kofi", "lastName": "Mensah", "email": "kofi@a.example"}


@pytest.fixture
def kofi(shop):
    return shop.post("customers", KOFI | {"dateOfBirth": BORN}).data["id"]


def test_a_birthday_is_sent_changed_and_cleared(shop, kofi):
    assert shop.get(f"customers/{kofi}").data["dateOfBirth"] == BORN
    assert (
        shop.call("PATCH", f"customers/{kofi}", {"firstName": "Kojo"}).data["dateOfBirth"] == BORN
    )
    for sent, stands in (("1990-01-02", "1990-01-02"), (None, None), (BORN, BORN), ("", None)):
        assert (
            shop.call("PATCH", f"customers/{kofi}", {"dateOfBirth": sent}).data["dateOfBirth"]
            == stands
        )


@pytest.mark.parametrize("sent", ["31/12/1985", "2025-01-01", 19851231, ["1985-12-31"], {}, True])
def test_what_is_no_birthday_is_refused_by_its_name_on_the_wire(shop, kofi, sent):
    answer = shop.call("PATCH", f"customers/{kofi}", {"dateOfBirth": sent})
    assert (answer.status, list(answer.json["fields"])) == (400, ["dateOfBirth"])


def test_a_key_that_only_reads_sees_no_birthday(program, kofi):
    reader = program("read", name="Reader")
    assert reader.get(f"customers/{kofi}").data["dateOfBirth"] is None
    listed = reader.get("customers").data["customers"]
    assert [one["dateOfBirth"] for one in listed] == [None]
    both = program("read", "write", name="Both")
    assert [one["dateOfBirth"] for one in both.get("customers").data["customers"]] == [BORN]


def test_a_file_has_birthdays_for_keys_that_write(program, kofi):
    taker = program("export", name="Taker")
    head = next(csv.reader(io.StringIO(taker.get("customers.csv").raw.decode())))
    assert "dateOfBirth" not in head
    refused = taker.get("customers.csv?columns=email,dateOfBirth")
    assert (refused.status, refused.code) == (403, "scope_missing")
    both = program("export", "write", name="Both")
    rows = list(csv.reader(io.StringIO(both.get("customers.csv?columns=dateOfBirth").raw.decode())))
    assert rows == [["dateOfBirth"], [BORN]]


def test_check_compares_birthdays(asking, kofi):
    asking.post(f"customers/blacklist/{kofi}", {"blacklist": True, "reason": "fraud"})
    named = {"firstName": "Kofi", "lastName": "Mensah"}
    same = asking.post("customers/check", named | {"dateOfBirth": BORN}).data
    assert (same["decision"], same["matchedOn"]) == ("review", ["birthday"])
    other = asking.post("customers/check", named | {"dateOfBirth": "1999-01-02"}).data
    assert (other["decision"], other["matchedOn"]) == ("allow", [])
    unread = asking.post("customers/check", named | {"dateOfBirth": "x", "email": "b@a.example"})
    assert unread.data["notRead"] == ["dateOfBirth"]
