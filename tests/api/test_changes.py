"""Programs follow the book: each change once, in order, and told thinly."""

import time
from threading import Thread

import pytest

from tests.api.program import AMA, refusal
from webapp.programs.cursors import Cursor


def told(answer):
    assert answer.status == 200, answer.raw
    return [(one["type"], one["customerId"], one["fields"]) for one in answer.data["changes"]]


def follow(shop, after, **more):
    """The next answer, by the address that the last one gave."""
    query = "&".join(f"{name}={value}" for name, value in {"after": after, **more}.items())
    return shop.get(f"changes?{query}")


def test_a_life_is_told_in_order(shop):
    ama = shop.post("customers", AMA).data["id"]
    shop.call("PATCH", f"customers/{ama}", {"email": "new@example.com"})
    shop.post(f"customers/blacklist/{ama}", {"blacklist": True})
    shop.post(f"customers/blacklist/{ama}", {"blacklist": False})
    shop.call("DELETE", f"customers/{ama}")
    answer = shop.get("changes")
    assert told(answer) == [
        ("customer.created", ama, ["countryCode", "email", "firstName", "lastName", "phone"]),
        ("customer.changed", ama, ["email"]),
        ("blacklist.added", ama, ["blacklist"]),
        ("blacklist.removed", ama, ["blacklist"]),
        ("customer.deleted", ama, []),
    ]
    assert [one["version"] for one in answer.data["changes"]] == [1, 2, 3, 4, 5]
    assert {one["door"] for one in answer.data["changes"]} == {"api"}
    assert AMA["email"] not in answer.raw.decode()


def test_whoever_follows_sees_each_change_once(shop):
    shop.post("customers", AMA)
    seen, after = [], ""
    for number in range(7):
        email = f"c{number}@example.com"
        shop.post("customers", AMA | {"email": email, "phone": None})
        answer = follow(shop, after, take=2) if after else shop.get("changes?take=2")
        seen += told(answer)
        after = answer.data["next"]
    while answer.data["hasMore"]:
        answer = follow(shop, after, take=3)
        seen, after = seen + told(answer), answer.data["next"]
    assert len(seen) == len(set(map(str, seen))) == 8
    nothing = follow(shop, after)
    assert (told(nothing), nothing.data["next"]) == ([], after)


def test_the_answer_says_where_to_go_on(shop):
    shop.post("customers", AMA)
    answer = shop.get("changes?take=5&expand=customer")
    address = f"/api/v1/changes?take=5&expand=customer&after={answer.data['next']}"
    assert answer.headers["Link"] == f'<{address}>; rel="next"'


def test_the_customer_comes_along_where_that_is_asked(shop):
    ama = shop.post("customers", AMA).data
    efua = shop.post("customers", AMA | {"email": "e@example.com", "phone": None}).data["id"]
    shop.call("DELETE", f"customers/{efua}")
    rows = shop.get("changes?expand=customer").data["changes"]
    assert [row.get("customer") for row in rows] == [ama, None, None]


def test_who_waits_is_answered_when_something_happens(shop, program):
    shop.post("customers", AMA)
    after, answers = shop.get("changes").data["next"], []
    other = program("read")
    waiting = Thread(target=lambda: answers.append(follow(other, after, wait=20)))
    waiting.start()
    time.sleep(0.6)
    begun = time.monotonic()
    shop.post("customers", AMA | {"email": "late@example.com", "phone": None})
    waiting.join()
    assert time.monotonic() - begun < 10
    assert [one[0] for one in told(answers[0])] == ["customer.created"]


def test_many_who_wait_keep_nobody_from_being_answered(shop, program):
    shop.post("customers", AMA)
    after = shop.get("changes").data["next"]
    programs = [program("read") for _ in range(24)]
    crowd = [Thread(target=follow, args=(one, after), kwargs={"wait": 3}) for one in programs]
    for one in crowd:
        one.start()
    time.sleep(0.5)
    assert shop.get("customers").status == 200
    for one in crowd:
        one.join()


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("after=x", "after"),
        ("after=" + Cursor.CHANGES.written(5) + "=", "after"),
        ("after=%F0%9F%A6%86", "after"),
        ("after=" + Cursor.CUSTOMERS.written(5), "after"),
        ("take=0", "take"),
        ("take=501", "take"),
        ("wait=26", "wait"),
        ("wait=x", "wait"),
        ("expand=everything", "expand"),
        ("afterr=1", "afterr"),
    ],
)
def test_what_is_asked_wrongly_is_named(shop, query, name):
    answer = shop.get(f"changes?{query}")
    refusal(answer, 400, "invalid_query")
    assert list(answer.json["fields"]) == [name]


def test_a_cursor_from_ahead_is_told_that_the_book_is_another(shop):
    """As after a backup was restored: the reader must begin anew, and not miss anything."""
    refusal(shop.get(f"changes?after={Cursor.CHANGES.written(10**9)}"), 400, "invalid_query")


def test_only_keys_that_read_follow(program):
    refusal(program("check").get("changes"), 403, "scope_missing")
