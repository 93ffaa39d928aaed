"""API.md, row by row: each call and each error, on the real server."""

import gzip
import json
import re
from contextlib import contextmanager
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.api.program import AMA
from tests.support.cast import actor, session_token
from webapp.blacklist import opening
from webapp.blacklist.models import Blacklisting
from webapp.customers.models import Customer
from webapp.history.entries import entries_of
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.programs import api_keys
from webapp.search import timeout
from webapp.transfer.samples.load import load_people

KEYS = [
    "id",
    "reference",
    "firstName",
    "lastName",
    "email",
    "phone",
    "countryCode",
    "blacklist",
    "createdAt",
    "updatedAt",
]
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
NOBODY = "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55"


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


def test_the_list_has_pages_and_true_meta(shop):
    made = [shop.create(email=f"a{number}@example.com")["id"] for number in range(12)]
    answer = shop.get("customers?take=5&page=2&?None&kwargs=1")
    assert [customer["id"] for customer in answer.data["customers"]] == made[::-1][5:10]
    assert answer.data["meta"] == {
        "page": 2,
        "take": 5,
        "itemCount": 12,
        "pageCount": 3,
        "hasPreviousPage": True,
        "hasNextPage": True,
    }
    assert list(answer.data["customers"][0]) == KEYS
    assert len(shop.get("customers").data["customers"]) == 10
    oldest = shop.get("customers?order=ASC&take=100").data
    assert [customer["id"] for customer in oldest["customers"]] == made
    beyond = shop.get("customers?page=9&take=5")
    assert (beyond.status, beyond.data["customers"]) == (200, [])
    assert beyond.data["meta"] == {
        "page": 9,
        "take": 5,
        "itemCount": 12,
        "pageCount": 3,
        "hasPreviousPage": True,
        "hasNextPage": False,
    }


def test_a_range_that_ends_before_it_begins_is_refused(shop):
    answer = shop.get("customers?createdFrom=2026-05-01&createdTo=2026-01-01")
    assert (answer.code, list(answer.json["fields"])) == ("invalid_query", ["createdFrom"])


def test_an_empty_list(shop):
    assert shop.get("customers").data["meta"]["pageCount"] == 0


def test_the_list_is_filtered(shop):
    kofi = shop.create(email="kofi@example.com", firstName="Kofi")
    ngozi = shop.create(email="Ngozi@example.com", firstName="Ngozi", phone="+2348012345678")
    shop.post(f"customers/blacklist/{ngozi['id']}", {"blacklist": True})

    def found(query):
        return {
            customer["firstName"] for customer in shop.get(f"customers?{query}").data["customers"]
        }

    assert found("blacklist=true") == {"Ngozi"}
    assert found("blacklist=false") == {"Kofi"}
    assert (
        found("countryCode=%2B234")
        == found("countryCode=+234")
        == found("countryCode=NGA")
        == {"Ngozi"}
    )
    assert found("email=NGOZI%40example.com") == {"Ngozi"}
    assert found("email=nobody%40example.com") == set()
    assert found("search=0801%20234") == {"Ngozi"}
    assert found("search=mensah") == {"Kofi", "Ngozi"}
    assert found("createdFrom=2020-01-01") == {"Kofi", "Ngozi"}
    assert found("createdTo=2020-01-01T00:00:00Z") == set()
    assert found(f"createdFrom={kofi['createdAt']}&createdTo={kofi['createdAt']}") >= {"Kofi"}
    assert found("createdFrom=0001-01-01&createdTo=9999-12-31") == {"Kofi", "Ngozi"}


def test_a_search_finds_at_most_a_thousand_newest_first(site, shop):
    with site.book.app.app_context():
        from webapp.transfer.samples.load import load_people

        with writing():
            db.session.query(Customer).delete()
        load_people(1_200, seed=5, progress=lambda _: None)
    data = shop.get("customers?search=example&take=100&page=10").data
    assert (
        data["meta"]
        | {"itemCount": 1000, "itemCountCapped": True, "pageCount": 10, "hasNextPage": False}
        == data["meta"]
    )
    assert len(data["customers"]) == 100
    assert shop.get("customers?search=example&take=100&page=11").data["customers"] == []
    assert len(shop.get("customers?search=example&take=30&page=34").data["customers"]) == 10
    created = [
        customer["createdAt"]
        for customer in shop.get("customers?search=example&take=100").data["customers"]
    ]
    assert created == sorted(created, reverse=True)


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
    customer = shop.create(phone="+2348012345678")
    path = f"customers/{customer['id']}"
    assert shop.call("PUT", path, {"firstName": "Abena"}).data["lastName"] == "Mensah"
    assert (
        shop.call("PATCH", path, {"phone": "020 123 4567", "countryCode": "GH"}).data["phone"]
        == "+233201234567"
    )
    assert shop.call("PATCH", path, {"phone": "024 123 4567"}).data["phone"] == "+233241234567"
    assert shop.call("PATCH", path, {"phone": "+4915123456789"}).data["countryCode"] == "+49"
    cleared = shop.call("PATCH", path, {"phone": None}).data
    assert (cleared["phone"], cleared["countryCode"], cleared["firstName"]) == (None, None, "Abena")
    assert shop.call("PATCH", path, {"countryCode": "GH"}).data["countryCode"] == "+233"
    cleared = shop.call("PATCH", path, {"countryCode": None}).data
    assert cleared["countryCode"] is None
    untouched = shop.call("PATCH", path, {})
    assert untouched.data == cleared


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_the_flag_is_set_and_cleared(site, shop, method):
    customer = shop.create()
    path = f"customers/blacklist/{customer['id']}"
    done = shop.call(method, path, {"blacklist": True, "reason": "fraud", "note": "Two cards."})
    assert done.data["blacklist"] is True
    again = shop.call(method, path, {"blacklist": True, "reason": "abuse"})
    assert (again.status, again.data) == (200, done.data)
    with site.book.app.app_context():
        case = db.session.query(Blacklisting).one()
        assert (case.reason, case.note, case.opened_by_kind, case.opened_by_name) == (
            "fraud",
            "Two cards.",
            "key",
            "Shop",
        )
    assert shop.call(method, path, {"blacklist": False}).data["blacklist"] is False
    assert shop.call(method, path, {"blacklist": False}).status == 200


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
    for method, target, body in (
        ("PATCH", path, {"firstName": "A"}),
        ("PUT", path, {"firstName": "A"}),
        ("POST", f"customers/blacklist/{customer['id']}", {"blacklist": True}),
        ("POST", f"customers/blacklist/{customer['id']}", {"blacklist": False}),
        ("DELETE", path, None),
    ):
        for tag in ('"1"', '"x"', 'W/"1"', "nonsense"):
            stale = shop.call(method, target, body, If_Match=tag)
            assert (stale.status, stale.code) == (412, "changed_meanwhile"), (method, tag)
            assert stale.data == changed.data
    assert shop.call("PATCH", path, {"firstName": "B"}, If_Match="*").status == 200
    assert shop.call("PATCH", path, {"firstName": "C"}, If_Match='"9", "3"').status == 200


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


# Errors: each row, and what makes it happen.


def refusal(answer, status, code):
    said = answer.json
    assert (answer.status, said["statusCode"], said["code"]) == (status, status, code), said
    assert set(said) - {"data", "customerId"} == {
        "statusCode",
        "error",
        "code",
        "message",
        "fields",
        "requestId",
    }
    assert said["message"].endswith(".")
    assert said["requestId"] == answer.headers["X-Request-Id"]
    return said


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "malformed_json"),
        (b"{", "malformed_json"),
        (b"[]", "not_an_object"),
        (b'"x"', "not_an_object"),
    ],
)
def test_400_for_a_body_that_is_no_object(shop, raw, code):
    refusal(shop.post("customers", raw=raw), 400, code)


def test_400_for_details(shop):
    said = refusal(
        shop.post("customers", {"email": "no", "firstName": "", "phone": 5}), 400, "invalid_details"
    )
    assert set(said["fields"]) == {"email", "phone"}


def test_400_for_what_is_taken(shop):
    shop.create(reference="A-1")
    assert set(
        refusal(shop.post("customers", AMA | {"email": "AMA@example.com"}), 400, "email_taken")[
            "fields"
        ]
    ) == {"email"}
    refusal(
        shop.post("customers", AMA | {"email": "b@example.com", "reference": "a-1"}),
        400,
        "reference_taken",
    )


def test_400_for_a_search_that_takes_too_long(staffed, monkeypatch):
    load_people(1_200, seed=5, progress=lambda _: None)
    _, secret = api_keys.create_key(name="Shop", scopes=["read"], by=actor("Ama"))
    monkeypatch.setattr(timeout, "SECONDS", 0)
    headers = {"Authorization": f"Bearer {secret}"}
    answer = staffed.app.test_client().get("/api/v1/customers?search=example", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (400, "search_too_wide")


@pytest.mark.parametrize(
    "query",
    [
        "take=0", "take=101", "take=x", "take=", "page=0", "page=-1", "page=1e3", "page=9999999999",
        "page=1_0", "page=%EF%BC%91", "take=+5", "order=NEWEST", "blacklist=1", "blacklist=TRUE",
        "countryCode=XX", "createdFrom=yesterday", "createdTo=2026-13-01", "take=5&take=6",
    ],
)  # fmt: skip
def test_400_for_a_query(shop, query):
    said = refusal(shop.get(f"customers?{query}"), 400, "invalid_query")
    assert list(said["fields"]) == [query.split("=")[0]]


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Bearer gatebook_x", "Basic eDp5", "gatebook_"]
)
def test_401_without_a_good_key(stranger, header):
    answer = stranger.call("GET", "customers", Authorization=header)
    refusal(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_401_for_a_key_anywhere_but_in_its_header(site, stranger):
    secret = site.key()
    refusal(stranger.get(f"customers?key={secret}&access_token={secret}"), 401, "unauthenticated")
    refusal(stranger.get("customers", Cookie=f"gatebook={secret}"), 401, "unauthenticated")
    refusal(stranger.get("customers", Authorization=f"Bearer {secret}x"), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        (("read",), {"GET", "FETCH"}),
        (("write",), {"POST", "PATCH", "DELETE"}),
        (("blacklist",), {"FLAG"}),
    ],
)
def test_403_without_the_scope(shop, program, scopes, allowed):
    customer = shop.create()
    one = f"customers/{customer['id']}"
    limited = program(*scopes, name="Limited")
    attempts = {
        "GET": lambda: limited.get(one),
        "FETCH": lambda: limited.post("customers/fetch_customer", {"email": AMA["email"]}),
        "POST": lambda: limited.post("customers", AMA | {"email": "b@example.com"}),
        "PATCH": lambda: limited.call("PATCH", one, {"firstName": "A"}),
        "FLAG": lambda: limited.post(f"customers/blacklist/{customer['id']}", {"blacklist": False}),
        "DELETE": lambda: limited.call("DELETE", one),
    }
    for name, attempt in attempts.items():
        if name in allowed:
            assert attempt().status in (200, 201)
        else:
            assert "scope" in refusal(attempt(), 403, "scope_missing")["message"]


@pytest.mark.parametrize(
    "handle",
    [
        NOBODY,
        "CUS-0000000000",
        "nobody@example.com",
        "no%20way",
        "%00",
        "%ED%A0%80",
        "..",
        "%2e%2e",
    ],
)
def test_404_for_nobody(shop, handle):
    refusal(shop.get(f"customers/{handle}"), 404, "customer_not_found")


def test_404_for_changes_of_nobody(shop):
    refusal(
        shop.call("PATCH", f"customers/{NOBODY}", {"firstName": "A"}), 404, "customer_not_found"
    )
    refusal(shop.call("DELETE", f"customers/{NOBODY}"), 404, "customer_not_found")
    refusal(
        shop.post(f"customers/blacklist/{NOBODY}", {"blacklist": True}), 404, "customer_not_found"
    )
    refusal(shop.call("PATCH", "customers/no-uuid", {"firstName": "A"}), 404, "customer_not_found")
    refusal(
        shop.post("customers/fetch_customer", {"email": "nobody@example.com"}),
        404,
        "customer_not_found",
    )


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("nothing", 404, "not_found"),
        ("customers/blacklist", 404, "not_found"),
        ("../v2/customers", 404, "not_found"),
        ("../", 404, "not_found"),
        ("openapi.yaml", 404, "not_found"),
        ("customers/a/b/c", 404, "not_found"),
        ("/customers", 404, "not_found"),
        ("customers//", 404, "not_found"),
        ("customers/fetch_customer", 405, "method_not_allowed"),
    ],
)
def test_404_is_json_for_every_path_under_api(shop, path, status, code):
    refusal(shop.get(path), status, code)


def test_404_tells_a_program_nothing_of_who_deleted_a_customer(shop):
    one = f"customers/{shop.create()['id']}"
    shop.call("DELETE", one)
    gone, nobody = shop.get(one), shop.get(f"customers/{NOBODY}")
    assert (gone.status, gone.code) == (404, "customer_deleted")
    assert b"Shop" not in gone.raw
    refusal(nobody, 404, "customer_not_found")


def test_400_under_another_host_name(shop):
    refusal(shop.get("customers", Host="evil.example"), 400, "bad_request")


def test_a_page_of_another_site_may_call_with_a_key(shop):
    """No browser adds a key by itself, so there is nothing to forge."""
    answer = shop.post("customers", AMA, Origin="https://shop.example", Sec_Fetch_Site="cross-site")
    assert answer.status == 201


def test_412_for_a_fetch_of_another_version(shop):
    customer = shop.create()
    one = f"customers/{customer['id']}"
    for tag in ('"1"', '"1:gzip"', "*"):
        assert shop.get(one, If_Match=tag).status == 200
    stale = shop.get(one, If_Match='"7"')
    refusal(stale, 412, "changed_meanwhile")
    assert stale.json["data"] == customer


def test_429_for_an_address_that_sends_wrong_keys(shop, stranger):
    codes = [
        stranger.get("customers", Authorization=f"Bearer gbk_{number}").code
        for number in range(120)
    ]
    assert codes[:100] == ["unauthenticated"] * 100
    assert "too_many_requests" in codes[100:]
    answers = (stranger.get("customers", Authorization="Bearer gbk_wrong") for _ in range(50))
    held_back = next(
        answer for answer in answers if answer.status == 429
    )  # on a slow machine one gets in between
    assert int(held_back.headers["Retry-After"]) > 0
    assert shop.get("customers").status == 200, "good keys are not held back"


def test_401_for_somebody_signed_in_to_the_pages(site, stranger):
    cookie = f"gatebook={session_token(site.book.app, 'Ama')}"
    refusal(stranger.get("customers", Cookie=cookie), 401, "unauthenticated")
    refusal(stranger.post("customers", AMA, Cookie=cookie), 401, "unauthenticated")


@contextmanager
def away(site):
    """A database that takes nothing: on SQLite somebody else writes for long, on PostgreSQL nobody
    gets in.
    """
    if site.book.kind == "sqlite":
        with site.book.app.app_context(), writing():
            yield
        return
    database = make_url(site.book.url)
    operator = create_engine(database.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with operator.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {database.database} ALLOW_CONNECTIONS false"))
        disconnect(connection, database)
        try:
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {database.database} ALLOW_CONNECTIONS true"))
    operator.dispose()


def disconnect(connection, database):
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND pid "
        "<> pg_backend_pid()"
    )
    connection.execute(text(others), {"name": database.database})


def test_503_while_the_database_is_away(site, shop):
    with away(site):
        answer = shop.post("customers", AMA)
        refusal(answer, 503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0
    assert shop.post("customers", AMA).status == 201


def test_503_from_a_server_that_was_switched_to_reading(site, shop):
    """As after a planned switch to another PostgreSQL: its connections live and take no writes."""
    if site.book.kind == "sqlite":
        return
    database = make_url(site.book.url)
    operator = create_engine(database, isolation_level="AUTOCOMMIT")
    with operator.connect() as connection:
        connection.execute(
            text(f"ALTER DATABASE {database.database} SET default_transaction_read_only = on")
        )
        disconnect(connection, database)
        try:
            refusal(shop.post("customers", AMA), 503, "unavailable")
        finally:
            connection.execute(
                text(f"ALTER DATABASE {database.database} RESET default_transaction_read_only")
            )
    operator.dispose()
    assert shop.post("customers", AMA).status == 201, "the connection was left for a new one"


def test_405_names_the_methods(shop):
    answer = shop.call("DELETE", "customers")
    refusal(answer, 405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_409_for_deleting_a_blacklisted_customer(shop):
    customer = shop.create()
    shop.post(f"customers/blacklist/{customer['id']}", {"blacklist": True})
    refusal(shop.call("DELETE", f"customers/{customer['id']}"), 409, "blacklisted_customer")


def flag_by(site, name, customer, **review):
    with site.book.app.app_context():
        case = opening.open_case(UUID(customer["id"]), reason="fraud", by=actor(name)).case
        with writing():
            for column, value in review.items():
                setattr(db.session.merge(case), column, value)


def test_409_for_ones_own_decision_seen_through_a_key(site, shop, program):
    customer = shop.create()
    flag_by(site, "Ama", customer)
    path, off = f"customers/blacklist/{customer['id']}", {"blacklist": False}
    refusal(shop.post(path, off), 409, "own_decision")
    assert program("blacklist", name="Other", owner="Adwoa").post(path, off).status == 200


def test_409_for_what_another_key_of_the_same_owner_opened(shop, program):
    customer = shop.create()
    path = f"customers/blacklist/{customer['id']}"
    shop.post(path, {"blacklist": True})
    refusal(program("blacklist", name="Twin").post(path, {"blacklist": False}), 409, "own_decision")
    assert shop.post(path, {"blacklist": False}).status == 200


def test_409_for_what_a_manager_has_upheld(site, shop):
    customer = shop.create()
    flag_by(site, "Esi", customer, reviewed_at=clock.now(), reviewed_by_name="Adwoa")
    refusal(shop.post(f"customers/blacklist/{customer['id']}", {"blacklist": False}), 409, "upheld")


def test_413_for_a_body_that_is_too_large(shop):
    refusal(
        shop.post("customers", raw=b'{"a": "' + b"x" * (1 << 20) + b'"}'), 413, "body_too_large"
    )


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/xml",
        "application/json; charset=utf-16",
        "multipart/form-data",
        "",
    ],
)
def test_415_for_another_media_type(shop, kind):
    refusal(shop.post("customers", AMA, Content_Type=kind), 415, "unsupported_media_type")


def test_json_may_say_that_it_is_utf_8(shop):
    assert shop.post("customers", AMA, Content_Type="Application/JSON; charset=UTF-8").status == 201
