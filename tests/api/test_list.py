"""The list of customers as programs read it: pages, filters and searches."""

from tests.api.program import KEYS
from webapp.customers.models import Customer
from webapp.kernel.database import db, writing
from webapp.transfer.samples.load import load_people

META = {
    "page": 2,
    "take": 5,
    "itemCount": 12,
    "pageCount": 3,
    "hasPreviousPage": True,
    "hasNextPage": True,
}


def test_the_list_has_pages_and_true_meta(shop):
    made = [shop.create(email=f"a{number}@example.com")["id"] for number in range(12)]
    answer = shop.get("customers?take=5&page=2&?None&kwargs=1")
    assert [customer["id"] for customer in answer.data["customers"]] == made[::-1][5:10]
    assert answer.data["meta"] == META
    assert list(answer.data["customers"][0]) == KEYS
    assert len(shop.get("customers").data["customers"]) == 10
    oldest = shop.get("customers?order=ASC&take=100").data
    assert [customer["id"] for customer in oldest["customers"]] == made
    beyond = shop.get("customers?page=9&take=5")
    assert (beyond.status, beyond.data["customers"]) == (200, [])
    assert beyond.data["meta"] == META | {"page": 9, "hasNextPage": False}


def test_taking_nothing_counts(shop):
    shop.create()
    answer = shop.get("customers?take=0")
    assert answer.data == {
        "customers": [],
        "meta": {"page": 1, "take": 0, "itemCount": 1, "pageCount": 0}
        | dict.fromkeys(["hasPreviousPage", "hasNextPage"], False),
    }
    for take in ("0", "00", "000"):
        answer = shop.get(f"customers?take={take}&after=")
        assert answer.code == "invalid_query", "a walk needs steps"


def test_each_row_has_the_version_that_its_etag_is(shop):
    customer = shop.create()
    shop.call("PATCH", f"customers/{customer['id']}", {"firstName": "Abena"})
    (row,) = shop.get("customers").data["customers"]
    etag = shop.get(f"customers/{customer['id']}").headers["ETag"]
    assert (customer["version"], row["version"], etag) == (1, 2, '"2"')


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
