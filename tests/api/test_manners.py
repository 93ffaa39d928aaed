"""What a program may expect of a well-mannered door: media types, a key that knows itself, and
blacklistings that can be read.
"""

from uuid import UUID

import pytest

from tests.api.program import AMA
from tests.support import cast
from tests.support.histories import is_sound
from tests.support.waiting import wait_until
from webapp.customers import erase, finding

# Who sends wrong keys; the second, if others have sent many from this address.
STRANGERS = ("unauthenticated", "too_many_requests")


class TestManners:
    def test_a_merge_patch_is_a_patch(self, asking):
        one = f"customers/{asking.create()['id']}"
        media = "application/merge-patch+json"
        said = asking.call("PATCH", one, raw=b'{"phone": null}', Content_Type=media)
        assert (said.status, said.data["phone"]) == (200, None)
        refused = asking.call("PUT", one, raw=b'{"phone": null}', Content_Type=media)
        assert (refused.status, refused.code) == (415, "unsupported_media_type")
        assert (
            "merge-patch"
            in asking.call("PATCH", one, raw=b"x", Content_Type="text/x").headers["Accept-Patch"]
        )

    def test_a_problem_for_whoever_asks_for_one(self, asking):
        media = "application/problem+json"
        said = asking.get("customers?take=x", Accept=f"application/json, {media}")
        assert said.headers["Content-Type"] == media
        assert asking.get("customers?take=x", Accept=media.upper()).json["status"] == 400
        plain = asking.get("customers?take=x", Accept=f"{media};q=0")
        assert plain.headers["Content-Type"] == "application/json"
        same = said.json | {"requestId": plain.json["requestId"]}
        assert same == plain.json | {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": plain.json["message"],
        }

    def test_a_repeated_creation_says_where_too(self, asking):
        once = {"Idempotency_Key": "k-1"}
        first, again = (asking.post("customers", AMA, **once) for _ in range(2))
        assert again.headers["Idempotent-Replayed"] == "true"
        assert again.headers["Location"] == first.headers["Location"]


class TestAKeyKnowsItself:
    def test_it_is_told_its_scopes_limit_and_end(self, site, program):
        limited = program("read", "check", name="Till")
        assert program("read", "write", owner="Yaw").get("me").data["scopes"] == ["read"]
        assert limited.get("me").data == {
            "name": "Till",
            "scopes": ["read", "check"],
            "callsPerMinute": 1_000_000,
            "expiresAt": None,
        }

    @pytest.mark.parametrize("end", ["revoked", "expired", "owner_left"])
    def test_whoever_has_the_secret_hears_why_it_is_no_longer_good(self, site, program, end):
        till = program("read", name="Till", owner="Kwame")
        assert till.get("me").status == 200
        site.end_keys(end)
        answers = []
        wait_until(lambda: answers.append(till.get("me")) or answers[-1].status != 429)
        site.end_keys("restored")
        answer = answers[-1]  # strangers before may have used up what wrong keys are allowed
        assert (answer.status, answer.code) == (401, f"key_{end}")
        other = {"Authorization": till.headers["Authorization"] + "x"}
        assert till.get("me", **other).code in STRANGERS

    def test_the_same_key_as_some_clients_want_it_shown(self, site, stranger):
        secret = site.key()
        assert stranger.get("me", Authorization=f"Bearer sk.{secret}").status == 200
        assert stranger.get("me", Authorization=f"Bearer sk.sk.{secret}").code in STRANGERS


class TestTheCaseCanBeRead:
    def test_why_and_since_when_and_before(self, asking):
        customer = asking.create()
        flag, cases = (
            f"customers/blacklist/{customer['id']}",
            f"customers/{customer['id']}/blacklistings",
        )
        asking.post(flag, {"blacklist": True, "reason": "fraud", "note": "Two cards."})
        asking.post(flag, {"blacklist": False})
        asking.post(flag, {"blacklist": True, "reason": "abuse", "until": "2090-01-01T00:00:00Z"})
        answer = asking.get(cases)
        now, before = answer.data["blacklistings"]
        assert (now["state"], now["reason"], now["closedAt"]) == ("waiting", "abuse", None)
        assert (now["until"], now["openedBy"]) == ("2090-01-01T00:00:00.000Z", "key")
        assert (before["state"], before["reason"]) == ("lifted", "fraud")
        assert b"Two cards" not in answer.raw, "notes are for staff"

    def test_a_program_asks_for_a_removal_and_a_manager_decides(self, site, asking, program):
        customer = asking.create()
        ask = f"customers/{customer['id']}/blacklistings/removal-request"
        assert asking.post(ask, {"note": "Paid."}).code == "not_blacklisted"
        asking.post(f"customers/blacklist/{customer['id']}", {"blacklist": True})
        assert asking.post(ask, {"note": " "}).code == "invalid_details"
        answer = program("blacklist", owner="Kwame").post(ask, {"note": "Paid."})
        assert (answer.status, answer.data["blacklistings"][0]["removalRequested"]) == (202, True)
        assert asking.post(ask, {"note": "Again."}).code == "lift_asked"
        assert asking.get(f"customers/{customer['id']}").data["blacklist"] is True
        assert is_sound_also_without(site.book, customer["id"])


def is_sound_also_without(book, customer_id):
    """Before and after the customer is deleted, and what the entries said erased."""
    with book.app.app_context():
        before = is_sound()
        cast.cleared(finding.get_customer(UUID(customer_id)), by="Adwoa")
        erase.delete_customer(UUID(customer_id), by=cast.actor("Adwoa"))
        return before and is_sound()
