"""API.md, row by row: each call and each error, on the real server."""

import gzip
import json
import re
from urllib.parse import quote
from uuid import UUID

import pytest

from tests.api.program import AMA, KEYS
from webapp.blacklist.models import Blacklisting
from webapp.customers.models import Customer
from webapp.history.entries import entries_of
from webapp.kernel.database import db

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def test_a_customer_is_created(shop):
    answer = shop.post("customers", AMA | {"reference": "A-1", "nonsense": 1, "version": 9})
    assert answer.status == 201
    assert list(answer.json) == ["status", "message", "data", "ignored"]
    assert answer.json["status"] is True
    customer = answer.data
    assert list(customer) == KEYS
    assert {name: customer[name] for name in AMA} == AMA
    assert (customer["reference"], customer["countryCode"], customer["blacklist"]) == (
        "A-1",
        "+233",
        False,
    )
    assert UUID(customer["id"]).version == 7
    assert re.fullmatch(MOMENT, customer["createdAt"])
    assert customer["updatedAt"] == customer["createdAt"]
    assert shop.get(answer.headers["Location"].removeprefix("/api/v1/")).data == customer


@pytest.mark.parametrize(
    ("given", "phone", "code"),
    [
        ({"phone": "020 123 4567", "countryCode": "+233"}, "+233201234567", "+233"),
        ({"phone": "020 123 4567", "countryCode": "233"}, "+233201234567", "+233"),
        ({"phone": "020 123 4567", "countryCode": "GH"}, "+233201234567", "+233"),
        ({"phone": "020 123 4567", "countryCode": "GHA"}, "+233201234567", "+233"),
        ({"phone": "+233201234567"}, "+233201234567", "+233"),
        ({"phone": None, "countryCode": "NG"}, None, "+234"),
        ({"phone": None}, None, None),
        ({"phone": ""}, None, None),
    ],
)
def test_phones_in_any_usual_spelling(shop, given, phone, code):
    customer = shop.create(**given)
    assert (customer["phone"], customer["countryCode"]) == (phone, code)


@pytest.mark.parametrize("slash", ["", "/"])
def test_every_path_works_with_and_without_a_slash(shop, slash):
    customer = shop.post(f"customers{slash}", AMA).data
    one = f"customers/{customer['id']}{slash}"
    calls = [
        ("GET", f"customers{slash}", None),
        ("GET", one, None),
        ("GET", f"customers/{customer['email']}{slash}", None),
        ("POST", f"customers/fetch_customer{slash}", {"email": AMA["email"]}),
        ("PUT", one, {"firstName": "Abena"}),
        ("PATCH", one, {"firstName": "Ama"}),
        ("POST", f"customers/blacklist/{customer['id']}{slash}", {"blacklist": False}),
        ("DELETE", one, None),
    ]
    for method, path, body in calls:
        assert shop.call(method, path, body).status == 200, (method, path)


@pytest.mark.parametrize(
    "email",
    ["a/b%c@example.com", "a//b@example.com", "o'brien@example.com", "jörg@bücher.example.com"],
)
def test_a_customer_is_fetched_by_any_handle(shop, email):
    customer = shop.create(email=email, reference="Order.1")
    handles = [customer["id"], customer["id"].upper(), "Order.1", "ORDER.1", quote(email, safe="")]
    handles += [
        quote(email, safe="/@'"),
        quote(email.upper() if email.isascii() else email, safe=""),
    ]
    for handle in handles:
        answer = shop.get(f"customers/{handle}")
        assert (answer.status, answer.data) == (200, customer), handle
    assert shop.post("customers/fetch_customer", {"email": email}).data == customer


def test_what_is_absent_stays(shop):
    path = f"customers/{shop.create(phone='+2348012345678')['id']}"

    def after(method="PATCH", **changes):
        return shop.call(method, path, changes).data

    assert after("PUT", firstName="Abena")["lastName"] == "Mensah"
    assert after(phone="020 123 4567", countryCode="GH")["phone"] == "+233201234567"
    assert after(phone="024 123 4567")["phone"] == "+233241234567"
    assert after(phone="+4915123456789")["countryCode"] == "+49"
    cleared = after(phone=None)
    assert (cleared["phone"], cleared["countryCode"], cleared["firstName"]) == (None, None, "Abena")
    assert after(countryCode="GH")["countryCode"] == "+233"
    cleared = after(countryCode=None)
    assert cleared["countryCode"] is None
    assert after() == cleared


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_the_flag_is_set_and_cleared(site, shop, method):
    customer = shop.create()
    path = f"customers/blacklist/{customer['id']}"
    done = shop.call(method, path, {"blacklist": True, "reason": "fraud", "note": "Two cards."})
    assert done.data["blacklist"] is True
    again = shop.call(method, path, {"blacklist": True, "reason": "abuse"})
    assert (again.status, again.data) == (200, done.data)
    assert only_case(site) == ("fraud", "Two cards.", "key", "Shop")
    assert shop.call(method, path, {"blacklist": False}).data["blacklist"] is False
    assert shop.call(method, path, {"blacklist": False}).status == 200


def only_case(site):
    with site.book.app.app_context():
        case = db.session.query(Blacklisting).one()
        return case.reason, case.note, case.opened_by_kind, case.opened_by_name


def test_the_plain_flag_has_no_reason(site, shop):
    customer = shop.create()
    assert shop.post(f"customers/blacklist/{customer['id']}", {"blacklist": True}).status == 200
    with site.book.app.app_context():
        assert db.session.query(Blacklisting).one().reason == "unspecified"


def test_deleting_answers_the_customer_as_it_was(shop):
    customer = shop.create()
    answer = shop.call("DELETE", f"customers/{customer['id']}")
    assert (answer.status, answer.data, answer.headers["ETag"]) == (200, customer, '"1"')
    assert shop.get(f"customers/{customer['id']}").code == "customer_deleted"


def test_the_history_names_the_key(site, shop):
    customer = shop.create()
    answer = shop.call(
        "PATCH", f"customers/{customer['id']}", {"firstName": "Abena"}, X_Request_Id="my-request-1"
    )
    assert answer.headers["X-Request-Id"] == "my-request-1"
    with site.book.app.app_context():
        row = db.session.query(Customer).one()
        entries = entries_of(row.subject)
    assert [(entry.actor_kind, entry.actor_name, entry.door) for entry in entries] == [
        ("key", "Shop", "api")
    ] * 2
    assert re.fullmatch("[0-9a-f]{24}", entries[0].request_id), "ours, which nobody else chooses"
    log = site.log.read_text()
    assert f'"request_id": "{entries[0].request_id}", "client_request_id": "my-request-1"' in log


def test_an_etag_is_the_version(shop):
    customer = shop.create()
    path = f"customers/{customer['id']}"
    fetched = shop.get(path)
    assert fetched.headers["ETag"] == '"1"'
    unchanged = shop.get(path, If_None_Match='"1"')
    assert (unchanged.status, unchanged.raw, unchanged.headers["ETag"]) == (304, b"", '"1"')
    assert shop.get(path, If_None_Match='"2"').status == 200
    changed = shop.call("PATCH", path, {"firstName": "Abena"}, If_Match='"1"')
    assert (changed.status, changed.headers["ETag"]) == (200, '"2"')
    refuses_older_versions(shop, changed.data)
    assert shop.call("PATCH", path, {"firstName": "B"}, If_Match="*").status == 200
    assert shop.call("PATCH", path, {"firstName": "C"}, If_Match='"9", "3"').status == 200


def refuses_older_versions(shop, customer):
    """Every change with a tag other than the customer's own is refused, and the
    customer stays the same.
    """
    path, flag = f"customers/{customer['id']}", f"customers/blacklist/{customer['id']}"
    for method, target, body in (
        ("PATCH", path, {"firstName": "A"}),
        ("PUT", path, {"firstName": "A"}),
        ("POST", flag, {"blacklist": True}),
        ("POST", flag, {"blacklist": False}),
        ("DELETE", path, None),
    ):
        for tag in ('"1"', '"x"', 'W/"1"', "nonsense"):
            stale = shop.call(method, target, body, If_Match=tag)
            assert (stale.status, stale.code) == (412, "changed_meanwhile"), (method, tag)
            assert stale.data == customer


def test_gzip_where_asked_for(shop):
    for number in range(10):
        shop.create(email=f"a{number}@example.com")
    packed = shop.get("customers", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.raw))["data"]["meta"]["itemCount"] == 10
    assert "Content-Encoding" not in shop.get("customers").headers


def test_an_etag_of_a_packed_answer_is_understood(shop):
    customer = shop.create(lastName="x" * 100, firstName="y" * 100, email="z" * 60 + "@example.com")
    path = f"customers/{customer['id']}"
    tag = shop.get(path, Accept_Encoding="gzip").headers["ETag"]
    assert shop.get(path, Accept_Encoding="gzip", If_None_Match=tag).status == 304
    assert shop.call("PATCH", path, {"firstName": "A"}, If_Match=tag).status == 200
    assert shop.call("PATCH", path, {"firstName": "B"}, If_Match=tag).status == 412


def test_answers_are_not_kept_by_others(shop):
    customer = shop.create()
    for path in ("customers", f"customers/{customer['id']}"):
        headers = shop.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Type"] == "application/json"


def test_log_lines_carry_the_route_and_no_personal_data(site, shop):
    customer = shop.create(email="zzyzx@example.com", lastName="Zzyzxlast")
    for path in (
        "customers/zzyzx@example.com",
        "customers?search=zzyzx&email=zzyzx@example.com",
        "customers/zzyzx@nobody.com",
    ):
        shop.get(path)
    shop.call("PATCH", f"customers/{customer['id']}", {"firstName": "Zzyzxfirst"})
    lines = site.log.read_text()
    assert "/api/v1/customers/<any_handle:handle>" in lines
    assert "zzyzx" not in lines.lower()
    assert "gatebook_" not in lines
