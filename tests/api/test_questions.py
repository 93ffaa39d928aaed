"""Check and look-up calls: evaluated anew each time, using whatever parts of them can be read."""

import pytest

from tests.api.program import AMA
from webapp.kernel.database import db
from webapp.programs.idempotency import IdempotencyRecord


class TestQuestionsChangeNothing:
    def test_a_check_with_a_key_is_asked_anew(self, asking):
        customer = asking.create()
        before = asking.post("customers/check", {"email": AMA["email"]}, Idempotency_Key="k").data
        asking.post(f"customers/blacklist/{customer['id']}", {"blacklist": True})
        after = asking.post("customers/check", {"email": AMA["email"]}, Idempotency_Key="k").data
        assert (before["decision"], after["decision"]) == ("allow", "deny")

    def test_so_are_a_batch_and_a_look_up(self, asking):
        for _ in range(2):
            people = {"customers": [{"email": AMA["email"]}]}
            assert (
                "Idempotent-Replayed"
                not in asking.post("customers/check/batch", people, Idempotency_Key="k").headers
            )
            asking.post("customers/fetch_customer", {"email": AMA["email"]}, Idempotency_Key="k")
        asking.create()
        assert (
            asking.post(
                "customers/fetch_customer", {"email": AMA["email"]}, Idempotency_Key="k"
            ).status
            == 200
        )

    def test_a_refusal_can_be_asked_again(self, site, asking):
        one = asking.create()
        assert asking.post("customers", AMA, Idempotency_Key="k").code == "email_taken"
        asking.call("DELETE", f"customers/{one['id']}")
        assert asking.post("customers", AMA, Idempotency_Key="k").status == 201
        with site.book.app.app_context():
            assert db.session.query(IdempotencyRecord).count() == 1

    def test_a_quoted_key_and_other_spacing_are_the_same(self, asking):
        first = asking.post("customers", AMA, Idempotency_Key='"k"')
        spaced = (
            b"{ "
            + b", ".join(f'"{name}" : "{value}"'.encode() for name, value in AMA.items())
            + b" }"
        )
        again = asking.post("customers", raw=spaced, Idempotency_Key="k")
        assert (again.status, again.raw) == (201, first.raw)
        assert again.headers["Idempotent-Replayed"] == "true"

    def test_nothing_of_a_deleted_person_is_kept(self, site, asking):
        customer = asking.create()
        asking.post("customers", AMA | {"email": "b@example.com"}, Idempotency_Key="made")
        path = f"customers/{customer['id']}"
        asking.call("PATCH", path, {"firstName": "Abena"}, Idempotency_Key="changed")
        first = asking.call("DELETE", path, Idempotency_Key="gone")
        again = asking.call("DELETE", path, Idempotency_Key="gone")
        assert first.data["email"] == AMA["email"]
        assert (again.status, sorted(again.data)) == (200, ["deletedAt", "id"])
        with site.book.app.app_context():
            assert db.session.query(IdempotencyRecord).count() == 2


class TestCheckDecidesByWhatCanBeRead:
    @pytest.fixture
    def banned(self, asking):
        customer = asking.create()
        asking.post(f"customers/blacklist/{customer['id']}", {"blacklist": True})
        return customer

    @pytest.mark.parametrize(
        ("more", "not_read"),
        [
            ({"phone": "not known"}, ["phone"]),
            ({"phone": "0201234567"}, ["phone"]),
            ({"countryCode": "Wakanda"}, ["countryCode"]),
            ({"id": "x", "firstName": "\u0007"}, ["firstName", "id"]),
            ({"reference": 5}, ["reference"]),
            ({"phone": "+233201234599"}, []),
        ],
    )
    def test_the_rest_is_named_and_refuses_nothing(self, banned, asking, more, not_read):
        said = asking.post("customers/check", {"email": banned["email"]} | more).data
        assert (said["decision"], sorted(said["notRead"])) == ("deny", not_read)

    def test_400_only_where_nothing_can_be_compared(self, asking):
        assert asking.post("customers/check", {"phone": "none"}).status == 400
        assert asking.post("customers/check", {"firstName": "Ama"}).status == 400

    def test_in_a_batch_each_row_has_its_own(self, banned, asking):
        rows = [{"phone": "none"}, {"email": banned["email"]}, {}, {"email": "new@example.com"}]
        said = asking.post("customers/check/batch", {"customers": rows}).data["decisions"]
        assert [row["decision"] for row in said] == ["review", "deny", "review", "allow"]
        assert [bool(row["problem"]) for row in said] == [True, False, True, False]

    def test_who_was_recognised_is_named_to_those_who_may_see(self, banned, asking, program):
        assert (
            asking.post("customers/check", {"email": banned["email"]}).data["customerId"]
            == banned["id"]
        )
        blind = program("check")
        assert blind.post("customers/check", {"email": banned["email"]}).data["customerId"] is None

    def test_a_number_of_an_old_plan_is_compared_as_it_is(self, asking):
        assert asking.post("customers/check", {"phone": "+22997120188"}).data["notRead"] == []


def test_digits_without_end_are_refused_in_plain_words(asking):
    answer = asking.post("customers/check", raw=b'{"phone": ' + b"9" * 5_000 + b"}")
    assert (answer.status, answer.code) == (400, "malformed_json")
    assert "sys." not in answer.json["message"]


def test_too_many_people_are_refused_by_number(asking):
    answer = asking.post(
        "customers/check/batch", raw=b'{"customers": [' + b"{}," * 300_000 + b"{}]}"
    )
    assert (answer.status, list(answer.json["fields"])) == (400, ["customers"])
