"""Many customers saved in one call: each by itself, and nothing twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.program import AMA
from tests.support.histories import is_sound

BATCH = "customers/batch"


def people(number, **more):
    return [
        {"firstName": "Ama", "email": f"batch{one}@example.com", "reference": f"B-{one}"} | more
        for one in range(number)
    ]


def outcomes(answer):
    assert answer.status == 200, answer.raw
    return [row["outcome"] for row in answer.data["results"]]


def test_each_row_has_its_own_result(shop):
    there = shop.create(reference="B-1")
    rows = [
        AMA | {"email": "new@example.com", "phone": None},
        {"reference": "b-1", "email": there["email"], "firstName": "Abena"},
        {"email": "no address"},
        {"reference": "B-1", "email": there["email"]},
        "nobody",
    ]
    answer = shop.post(BATCH, {"customers": rows})
    assert outcomes(answer) == ["created", "changed", "refused", "unchanged", "refused"]
    new, changed, wrong, _, nobody = answer.data["results"]
    assert changed == {"outcome": "changed", "customerId": there["id"], "version": 2}
    assert shop.get(f"customers/{new['customerId']}").data["email"] == "new@example.com"
    assert (wrong["problem"]["code"], list(wrong["problem"]["fields"])) == (
        "invalid_details",
        ["email"],
    )
    assert nobody["problem"]["message"] == "customers: Each of them must be an object."


@pytest.mark.parametrize("spelled", ["ama@example.com", "AMA@Example.com", " ama@EXAMPLE.com"])
def test_without_a_reference_the_address_says_who_it_is(shop, spelled):
    there = shop.create(email="ama@example.com")
    answer = shop.post(BATCH, {"customers": [{"email": spelled, "firstName": "Abena"}]})
    assert outcomes(answer) == ["changed"]
    now = shop.get(f"customers/{there['id']}").data
    assert (now["firstName"], now["email"]) == ("Abena", "ama@example.com")


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ({"reference": "B-2"}, "email_taken", "email"),
        ({"reference": 7}, "invalid_details", "reference"),
        ({"reference": "check"}, "invalid_details", "reference"),
        ({"blacklist": True}, "invalid_details", "blacklist"),
        ({"firstName": "x" * 101}, "invalid_details", "firstName"),
        ({"phone": "12"}, "invalid_details", "phone"),
    ],
)
def test_what_is_wrong_is_told_as_by_a_call_for_one(shop, program, row, code, field):
    there = shop.create(reference="B-1")
    rows = {"customers": [{"email": there["email"]} | row]}
    (refused,) = shop.post(BATCH, rows).data["results"]
    assert (refused["problem"]["code"], list(refused["problem"]["fields"])) == (code, [field])
    owner = there["id"] if code == "email_taken" else None
    assert refused["problem"].get("customerId") == owner
    (blind,) = program("write").post(BATCH, rows).data["results"]
    assert "customerId" not in blind["problem"], "without the scope read"


@pytest.mark.parametrize("given", [{}, {"customers": []}, {"customers": {}}, people(501)])
def test_a_batch_of_the_wrong_size_is_refused_whole(shop, given):
    given = given if isinstance(given, dict) else {"customers": given}
    answer = shop.post(BATCH, given)
    assert (answer.status, answer.code, list(answer.json["fields"])) == (
        400,
        "invalid_details",
        ["customers"],
    )
    assert shop.get("customers?take=0").data["meta"]["itemCount"] == 0


def test_five_hundred_at_once_and_sent_again_nothing_new(site, shop):
    answer = shop.post(BATCH, {"customers": people(500)})
    assert set(outcomes(answer)) == {"created"}
    again = shop.post(BATCH, {"customers": people(500)})
    assert set(outcomes(again)) == {"unchanged"}
    with site.book.app.app_context():
        assert is_sound()


def test_with_a_key_the_answer_is_told_again(site, shop):
    first = shop.post(BATCH, {"customers": people(3)}, Idempotency_Key="night-1")
    again = shop.post(BATCH, {"customers": people(3)}, Idempotency_Key="night-1")
    assert (again.data, again.headers["Idempotent-Replayed"]) == (first.data, "true")
    other = shop.post(BATCH, {"customers": people(4)}, Idempotency_Key="night-1")
    assert other.code == "idempotency_mismatch"
    assert b"example.com" not in first.raw, "nothing personal is kept with the key"


def test_what_was_refused_can_be_asked_again_with_its_key(shop):
    there = shop.create(reference="B-0")
    rows = {"customers": [people(1)[0] | {"reference": "B-9", "email": there["email"]}]}
    assert outcomes(shop.post(BATCH, rows, Idempotency_Key="night-3")) == ["refused"]
    shop.call("PATCH", f"customers/{there['id']}", {"email": "other@example.com"})
    assert outcomes(shop.post(BATCH, rows, Idempotency_Key="night-3")) == ["created"]


def test_a_program_that_may_not_see_customers_hears_of_nobody(shop, program):
    there = shop.create()
    shop.post(f"customers/blacklist/{there['id']}", {"blacklist": True})
    for flag in ({}, {"blacklist": False}):
        row = {"email": there["email"]} | flag
        (result,) = program("write").post(BATCH, {"customers": [row]}).data["results"]
        assert result == {"outcome": "unchanged"}


def test_a_call_that_was_broken_off_goes_on(shop):
    """As after a crash: some rows were done, and no answer was kept."""
    shop.post(BATCH, {"customers": people(7)})
    answer = shop.post(BATCH, {"customers": people(10)}, Idempotency_Key="night-2")
    assert outcomes(answer) == ["unchanged"] * 7 + ["created"] * 3


@pytest.mark.parametrize("by", ["reference", "email"])
def test_the_same_batch_twice_at_once_adds_nobody_twice(site, program, by):
    rows = [{key: row[key] for key in {"email", by}} for row in people(40)]
    shops = [program("write", "read") for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda shop: shop.post(BATCH, {"customers": rows}), shops))
    both = [sorted(pair) for pair in zip(*map(outcomes, answers), strict=True)]
    assert both == [["created", "unchanged"]] * 40
    assert shops[0].get("customers?take=0").data["meta"]["itemCount"] == 40
