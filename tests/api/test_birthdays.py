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
    def changed(**details):
        return shop.call("PATCH", f"customers/{kofi}", details).data.get("dateOfBirth")

    assert shop.get(f"customers/{kofi}").data["dateOfBirth"] == BORN
    assert changed(firstName="Kojo") == BORN
    for sent, stands in (("1990-01-02", "1990-01-02"), (None, None), (BORN, BORN), ("", None)):
        assert changed(dateOfBirth=sent) == stands


@pytest.mark.parametrize("sent", ["31/12/1985", "2025-01-01", 19851231, ["1985-12-31"], {}, True])
def test_what_is_no_birthday_is_refused_by_its_name_on_the_wire(shop, kofi, sent):
    answer = shop.call("PATCH", f"customers/{kofi}", {"dateOfBirth": sent})
    assert (answer.status, list(answer.json["fields"])) == (400, ["dateOfBirth"])


def test_a_key_that_only_reads_sees_no_birthday(program, kofi):
    reader = program("read", name="Reader")
    assert "dateOfBirth" not in reader.get(f"customers/{kofi}").data
    listed = reader.get("customers").data["customers"]
    assert ["dateOfBirth" in one for one in listed] == [False]
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
