"""The errors of API.md, row by row, each with a call that causes it."""

from uuid import UUID

import pytest

from tests.api.program import AMA, refusal
from tests.support.cast import actor
from webapp.blacklist import opening
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.programs import api_keys
from webapp.search import timeout
from webapp.transfer.samples.load import load_people

NOBODY = "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55"


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
        "take=-1", "take=101", "take=x", "take=", "page=0", "page=-1", "page=1e3",
        "page=9999999999", "page=1_0", "page=%EF%BC%91", "take=+5", "order=NEWEST",
        "blacklist=1", "blacklist=TRUE",
        "countryCode=XX", "createdFrom=yesterday", "createdTo=2026-13-01", "take=5&take=6",
    ],
)  # fmt: skip
def test_400_for_a_query(shop, query):
    said = refusal(shop.get(f"customers?{query}"), 400, "invalid_query")
    ((name, (sentence, *_)),) = said["fields"].items()
    assert name == query.split("=")[0]
    assert said["message"] == f"{name}: {sentence}.", "published clients show nothing else"


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


def test_412_for_a_fetch_of_another_version(shop):
    customer = shop.create()
    one = f"customers/{customer['id']}"
    for tag in ('"1"', '"1:gzip"', "*"):
        assert shop.get(one, If_Match=tag).status == 200
    stale = shop.get(one, If_Match='"7"')
    refusal(stale, 412, "changed_meanwhile")
    assert stale.json["data"] == customer


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
