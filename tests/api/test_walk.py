"""A walk through all customers meets each of them once, whatever happens meanwhile."""

import random
from threading import Thread

import pytest
from sqlalchemy import select

from tests.api.program import AMA, refusal
from tests.support.proofs import rounds
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.programs.cursors import Cursor
from webapp.transfer.samples.load import load_people

MANY, WRITES = rounds(200, 10_000), rounds(60, 2_000)


def added(shop, number):
    body = {"email": f"w{number}@w{number}.example", "lastName": f"Walker {number}"}
    return shop.post("customers", body).data["id"]


def walk(shop, query="", *, between=lambda: None):
    """The ids of all customers, in the order of the walk, with something done after each answer."""
    after, seen = "", []
    while after is not None:
        answer = shop.get(f"customers?after={after}{query}")
        assert answer.status == 200, answer.raw
        seen += [one["id"] for one in answer.data["customers"]]
        after = answer.data.get("next")
        link = f'</api/v1/customers?after={after}{query}>; rel="next"' if after else None
        assert answer.headers.get("Link") == link
        between()
    return seen


def test_each_customer_who_was_there_all_the_time_is_met_once(shop):
    there = [added(shop, number) for number in range(20)]
    stays, numbers = there[::2], iter(range(100, 200))
    goes = iter(there[1::2])

    def happens():
        added(shop, next(numbers))
        shop.call("PATCH", f"customers/{there[0]}", {"firstName": f"N{next(numbers)}"})
        shop.call("DELETE", f"customers/{next(goes, '')}")

    seen = walk(shop, "&take=3", between=happens)
    assert [one for one in seen if one in stays] == stays
    assert len(seen) == len(set(seen))


def test_what_changes_during_the_walk_is_told_by_the_feed(shop):
    there = [added(shop, number) for number in range(4)]
    first = shop.get("customers?after=&take=2").data
    shop.call("PATCH", f"customers/{there[0]}", {"firstName": "Late"})
    second = shop.get(f"customers?after={first['next']}&take=2").data
    assert [one["id"] for one in first["customers"] + second["customers"]] == there
    assert ("next" in second, "changes" in second, "meta" in first) == (False, False, False)
    told = shop.get(f"changes?after={first['changes']}").data["changes"]
    assert [(one["type"], one["customerId"]) for one in told] == [("customer.changed", there[0])]


def test_a_walk_is_filtered_by_standing_and_change(shop):
    there = [added(shop, number) for number in range(4)]
    shop.post(f"customers/blacklist/{there[2]}", {"blacklist": True})
    assert walk(shop, "&take=1&blacklist=true") == [there[2]]
    assert walk(shop, "&take=2&blacklist=false") == [there[0], there[1], there[3]]
    since = shop.get(f"customers/{there[2]}").data["updatedAt"]
    assert walk(shop, f"&updatedFrom={since}") == [there[2]]


def test_an_empty_book_is_walked_through_at_once(shop):
    answer = shop.get("customers?after=").data
    assert (answer["customers"], "next" in answer, "changes" in answer) == ([], False, True)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("after=&page=2", "page"),
        ("after=&order=ASC", "order"),
        ("after=&search=ama", "search"),
        ("after=&countryCode=GH", "countryCode"),
        ("after=x", "after"),
        (f"after={Cursor.CHANGES.written(5)}", "after"),
        ("after=&take=0", "take"),
    ],
)
def test_what_does_not_go_with_a_walk_is_named(shop, query, name):
    answer = shop.get(f"customers?{query}")
    refusal(answer, 400, "invalid_query")
    assert list(answer.json["fields"]) == [name]


def test_page_numbers_are_as_before(shop):
    shop.post("customers", AMA)
    answer = shop.get("customers?page=1&take=1").data
    assert set(answer) == {"customers", "meta"}


def everybody(site):
    """The ids of many customers, and of those who may be deleted."""
    with site.book.app.app_context():
        load_people(MANY, seed=9, progress=lambda _: None)
        rows = db.session.execute(select(Customer.id, Customer.blacklisted).order_by(Customer.seq))
        there = [(str(one), blacklisted) for one, blacklisted in rows]
        db.session.remove()
    return [one for one, _ in there], {one for one, blacklisted in there if not blacklisted}


def write(writer, there, may_go):
    """A third of the writes add, a third change, a third delete somebody; yields who goes."""
    dice = random.Random(4)
    for number in range(WRITES):
        one = dice.choice(there)
        if number % 3 == 0:
            added(writer, 10_000 + number)
        elif number % 3 == 1:
            writer.call("PATCH", f"customers/{one}", {"lastName": f"N{number}"})
        elif one in may_go:
            yield one
            writer.call("DELETE", f"customers/{one}")


def test_a_walk_of_many_while_others_write(site, shop, program, figure):
    there, may_go = everybody(site)
    gone, writer = [], program("read", "write")
    thread = Thread(target=lambda: gone.extend(write(writer, there, may_go)))
    thread.start()
    seen = walk(shop, "&take=2")
    thread.join()
    stays = [one for one in there if one not in gone]
    assert [one for one in seen if one in set(stays)] == stays
    assert len(seen) == len(set(seen))
    figure(f"walk on {site.book.kind}: {MANY} customers, {WRITES} writes meanwhile or after it")
