"""The second edition of the wire contract: nothing is ignored, each call gives one kind of answer,
and less is disclosed.
"""

import pytest

from tests.api.program import AMA


class TestNothingIsSilentlyIgnored:
    @pytest.mark.parametrize(
        ("query", "nearest"),
        [
            ("blacklisted=true", "blacklist"),
            ("emial=a@b.co", "email"),
            ("pages=2", "page"),
            ("zzz=1", None),
        ],
    )
    def test_an_unknown_part_of_a_query_is_refused_with_the_nearest(self, asking, query, nearest):
        answer = asking.get(f"customers?{query}")
        assert (answer.status, answer.code) == (400, "invalid_query")
        assert (f"do you mean {nearest}?" in answer.json["message"]) is bool(nearest)

    @pytest.mark.parametrize("query", ["?None", "kwargs=1", "None=&take=5", "args="])
    def test_query_parameters_of_published_clients_are_still_accepted(self, asking, query):
        assert asking.get(f"customers?{query}").status == 200

    def test_also_on_other_calls(self, asking):
        customer = asking.create()
        assert asking.get(f"customers/{customer['id']}?expand=all").code == "invalid_query"
        assert (
            asking.post("customers/check?dry=1", {"email": "a@example.com"}).code == "invalid_query"
        )

    def test_unknown_fields_of_a_body_are_named(self, asking):
        answer = asking.post("customers", AMA | {"nonsense": 1, "version": 9})
        assert answer.status == 201
        assert answer.json["ignored"] == ["nonsense", "version"]
        assert answer.headers["X-Ignored"] == "nonsense, version"

    @pytest.mark.parametrize("call", ["customers", "customers/check", "customers/fetch_customer"])
    def test_also_names_that_are_no_text(self, asking, call):
        asking.create(email="there@example.com")
        email = "new@example.com" if call == "customers" else "there@example.com"
        many = ",".join(f'"\\ud800{number}":1' for number in range(1_000))
        answer = asking.post(call, raw=f'{{"email":"{email}",{many}}}'.encode())
        assert answer.status in (200, 201)
        assert len(answer.json["ignored"]) == 100

    def test_the_flag_in_the_wrong_place_is_refused_with_the_right_one(self, asking):
        answer = asking.post("customers", AMA | {"blacklist": True})
        assert (answer.status, list(answer.json["fields"])) == (400, ["blacklist"])
        assert "customers/blacklist/{id}" in answer.json["message"]
        customer = asking.create()
        one = f"customers/{customer['id']}"
        assert asking.call("PUT", one, customer | {"firstName": "Abena"}).status == 200
        assert asking.call("PATCH", one, {"blacklist": True}).status == 400
        asking.post(f"customers/blacklist/{customer['id']}", {"blacklist": True})
        assert (
            asking.call("PUT", one, customer | {"blacklist": True, "firstName": "Efua"}).status
            == 200
        )
        assert asking.call("PATCH", one, {"blacklist": False}).status == 400

    def test_new_filters(self, asking):
        one = asking.create(reference="A-1")
        other = asking.create(email="b+1@example.com", phone="+2348031230099")

        def found(query):
            return [
                customer["id"] for customer in asking.get(f"customers?{query}").data["customers"]
            ]

        assert found("phone=%2B233%20020%20123%204567") == found("reference=a-1") == [one["id"]]
        assert found("phone=+2348031230099") == [other["id"]], "a plus that nobody encoded"
        assert found("email=b+1@example.com") == [other["id"]]
        asking.call("PATCH", f"customers/{one['id']}", {"firstName": "Abena"})
        changed = asking.get(f"customers/{one['id']}").data["updatedAt"]
        assert found(f"updatedFrom={changed}") == [one["id"]]
        assert set(found("updatedTo=2999-01-01")) == {one["id"], other["id"]}

    @pytest.mark.parametrize(
        "query",
        [
            "email=nobody",
            "phone=12",
            "createdFrom=2026-05-02&createdTo=2026-05-01",
            "updatedFrom=2026-05-02&updatedTo=2026-05-01",
            "createdFrom=20250122",
            "take=10&take=20",
        ],
    )
    def test_what_means_nothing_is_refused(self, asking, query):
        assert asking.get(f"customers?{query}").code == "invalid_query"


class TestOneAnswerForOneSituation:
    def test_the_reference_comes_first_then_the_address_then_the_rest(self, asking, program):
        one = asking.create(reference="A-1")
        bad = AMA | {"reference": "a-1", "phone": "12"}
        answer = asking.post("customers", bad)
        assert (answer.code, answer.json["customerId"]) == ("reference_taken", one["id"])
        assert set(answer.json["fields"]) == {"reference", "email", "phone"}
        answer = asking.post("customers", AMA | {"phone": "12"})
        assert (answer.code, answer.json["customerId"]) == ("email_taken", one["id"])
        blind = program("write")
        assert "customerId" not in blind.post("customers", AMA).json

    def test_the_same_reference_and_content_is_the_same_customer(self, asking):
        one = asking.post("customers", AMA | {"reference": "A-1"})
        again = asking.post("customers", AMA | {"reference": "a-1"})
        assert (one.status, again.status, again.data["id"]) == (201, 200, one.data["id"])
        other = asking.post("customers", AMA | {"reference": "A-1", "firstName": "Other"})
        assert other.code == "reference_taken"

    def test_a_customer_is_put_under_a_reference(self, asking):
        path = "customers/by-reference/A-1"
        said = [asking.call("PUT", path, AMA | more) for more in ({}, {}, {"firstName": "Abena"})]
        assert [answer.json["outcome"] for answer in said] == ["created", "unchanged", "changed"]
        assert len({answer.data["id"] for answer in said}) == 1
        assert said[2].data["reference"] == "A-1"
        assert asking.call("PUT", "customers/by-reference/B-2", AMA).code == "email_taken"
        assert asking.call(
            "PUT", "customers/by-reference/..", AMA | {"email": "c@example.com"}
        ).status in (400, 404)
        for odd in ("%00", "%20", "a%0Ab", "x" * 200):
            answer = asking.call(
                "PUT", f"customers/by-reference/{odd}", AMA | {"email": "c@example.com"}
            )
            assert answer.status in (400, 404), odd

    def test_a_put_under_a_reference_holds_to_the_version_that_was_seen(self, asking):
        path = "customers/by-reference/A-1"
        assert asking.call("PUT", path, AMA, If_Match='"1"').status == 404
        asking.call("PUT", path, AMA)
        asking.call("PUT", path, AMA | {"firstName": "Abena"}, If_Match='"1"')
        late = asking.call("PUT", path, AMA | {"firstName": "Akua"}, If_Match='"1"')
        assert (late.status, late.code) == (412, "changed_meanwhile")

    def test_created_blacklisted_in_one_call_by_those_who_may(self, asking, program):
        made = asking.post(
            "customers", AMA | {"blacklistReason": "fraud", "blacklistNote": "Two cards."}
        )
        assert (made.status, made.data["blacklist"]) == (201, True)
        writer = program("write")
        other = AMA | {"email": "o@example.com"}
        assert (
            writer.post("customers", other | {"blacklistReason": "fraud"}).code == "scope_missing"
        )
        assert asking.post("customers", other | {"blacklistReason": "whim"}).status == 400
        assert asking.get("customers/o@example.com").status == 404, "nothing was half done"

    def test_a_deleted_customer_is_told_only_to_those_who_may_see(self, asking, program):
        customer = asking.create()
        asking.call("DELETE", f"customers/{customer['id']}")
        gone = asking.get(f"customers/{customer['id']}")
        assert (gone.status, gone.code, bool(gone.json["deletedAt"])) == (
            404,
            "customer_deleted",
            True,
        )
        writer, nobody = program("write"), "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55"
        one, other = (
            writer.call("DELETE", f"customers/{handle}").json for handle in (customer["id"], nobody)
        )
        assert {**one, "requestId": ""} == {**other, "requestId": ""}


class TestCustomersWithLess:
    @pytest.mark.parametrize(
        ("given", "names"),
        [
            ({}, (None, None)),
            ({"firstName": None, "lastName": None}, (None, None)),
            ({"firstName": "Suwarni"}, ("Suwarni", None)),
            ({"lastName": "Wayanti"}, (None, "Wayanti")),
            ({"firstName": "", "lastName": " "}, (None, None)),
        ],
    )
    def test_an_address_is_enough(self, asking, given, names):
        made = asking.post("customers", {"email": "one@example.com"} | given)
        assert (made.status, made.data["firstName"], made.data["lastName"]) == (201, *names)
        assert asking.get("customers?search=one%40example.com").data["meta"]["itemCount"] == 1

    def test_a_name_is_cleared_by_null_and_stays_when_absent(self, asking):
        one = f"customers/{asking.create()['id']}"
        assert asking.call("PATCH", one, {"lastName": None}).data["lastName"] is None
        assert asking.call("PATCH", one, {"phone": None}).data["firstName"] == AMA["firstName"]


def test_a_weak_tag_is_the_version_that_a_proxy_weakened(asking):
    one = f"customers/{asking.create()['id']}"
    assert asking.call("PATCH", one, {"firstName": "Abena"}, If_Match='W/"1"').status == 200
    assert asking.call("PATCH", one, {"firstName": "Efua"}, If_Match='W/"1"').status == 412


class TestWhatIsAbsentStays:
    """Also the flag: a sync that knows nothing of it goes on for customers who are blacklisted."""

    @pytest.mark.parametrize("flag", [{}, {"blacklist": None}, {"blacklist": True}])
    @pytest.mark.parametrize("call", ["by-reference", "batch", "id"])
    def test_a_blacklisted_customer_is_corrected(self, asking, call, flag):
        customer = asking.create(reference="A-1")
        asking.post(f"customers/blacklist/{customer['id']}", {"blacklist": True})
        fields = {"email": customer["email"], "firstName": "Abena"} | flag
        if call == "batch":
            rows = {"customers": [fields | {"reference": "A-1"}]}
            asking.post("customers/batch", rows)
        else:
            handle = "by-reference/A-1" if call == "by-reference" else customer["id"]
            assert asking.call("PUT", f"customers/{handle}", fields).status == 200
        now = asking.get(f"customers/{customer['id']}").data
        assert (now["firstName"], now["blacklist"]) == ("Abena", True)
