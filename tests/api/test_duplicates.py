"""Adding a probable duplicate by a program: told in a header, or refused by setting."""

import pytest

from tests.support.cast import KOFI, actor, add, hire
from webapp.programs import api_keys

EKOW = {"firstName": "Ekow", "lastName": "Annan", "email": "ekow@example.com"}
OTHER = EKOW | {"email": "other@example.com"}


@pytest.fixture
def refusing(book, monkeypatch):
    monkeypatch.setitem(book.app.config, "REFUSE_DUPLICATES", True)


@pytest.fixture
def post(book):
    """Adds a customer as a program."""
    with book.app.app_context():
        hire()
        _, secret = api_keys.create_key(name="Shop", scopes=["write", "read"], by=actor("Ama"))
    client, headers = book.app.test_client(), {"Authorization": f"Bearer {secret}"}

    def send(body):
        return client.post("/api/v1/customers", json=body, headers=headers)

    send.headers = headers
    return send


@pytest.fixture
def kofi(book):
    with book.app.app_context():
        return add().id


def test_the_answer_says_how_many_are_similar(post, kofi):
    answer = post(EKOW | {"phone": KOFI["phone"]})
    assert (answer.status_code, answer.headers["Similar"]) == (201, "1")
    answer = post(EKOW | {"email": "else@example.com"})
    assert (answer.status_code, answer.headers["Similar"]) == (201, "0")


def test_a_setting_refuses_it(post, kofi, refusing):
    same = EKOW | {"phone": KOFI["phone"]}
    answer = post(same)
    assert (answer.status_code, answer.json["code"]) == (409, "probable_duplicate")
    assert answer.json["customerId"] == str(kofi)
    for no in (False, None, "true", 1):
        answer = post(same | {"allowDuplicate": no})
        assert answer.status_code == 409, no
    answer = post(same | {"allowDuplicate": True})
    assert (answer.status_code, answer.headers["Similar"]) == (201, "1")
    assert "ignored" not in answer.json


def test_a_repeat_by_reference_is_no_duplicate(post, refusing):
    new = EKOW | {"phone": KOFI["phone"], "reference": "A-1"}
    assert post(new).status_code == 201
    assert post(new).status_code == 200


def test_no_other_call_goes_round_it(book, post, kofi, refusing):
    made = post(EKOW | {"reference": "A-1"}).json["data"]["id"]
    client, shop = book.app.test_client(), post.headers
    for path, body in (("by-reference/A-1", EKOW), ("by-reference/A-2", OTHER), (made, {})):
        answer = client.put(
            f"/api/v1/customers/{path}", json=body | {"phone": KOFI["phone"]}, headers=shop
        )
        assert (answer.status_code, answer.json["code"]) == (409, "probable_duplicate"), path
    allowed = {"phone": KOFI["phone"], "allowDuplicate": True}
    assert client.patch(f"/api/v1/customers/{made}", json=allowed, headers=shop).status_code == 200
