"""Who may call: errors without a valid key or its scope, and for strangers who try keys."""

import pytest

from tests.api.program import AMA, Program, refusal
from tests.support import cast
from tests.support.cast import session_token
from webapp.programs import api_keys, key_changes


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
    limited, customer = program(*scopes, name="Limited"), shop.create()
    for name, attempt in attempts_of(limited, customer["id"]).items():
        if name in allowed:
            assert attempt().status in (200, 201)
        else:
            assert "scope" in refusal(attempt(), 403, "scope_missing")["message"]


def attempts_of(program, customer_id):
    one, flag = f"customers/{customer_id}", f"customers/blacklist/{customer_id}"
    return {
        "GET": lambda: program.get(one),
        "FETCH": lambda: program.post("customers/fetch_customer", {"email": AMA["email"]}),
        "POST": lambda: program.post("customers", AMA | {"email": "b@example.com"}),
        "PATCH": lambda: program.call("PATCH", one, {"firstName": "A"}),
        "FLAG": lambda: program.post(flag, {"blacklist": False}),
        "DELETE": lambda: program.call("DELETE", one),
    }


def test_400_under_another_host_name(shop):
    refusal(shop.get("customers", Host="evil.example"), 400, "bad_request")


def test_a_page_of_another_site_may_call_with_a_key(shop):
    """No browser adds a key by itself, so there is nothing to forge."""
    answer = shop.post("customers", AMA, Origin="https://shop.example", Sec_Fetch_Site="cross-site")
    assert answer.status == 201


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
    )  # on a slow machine one more may get through
    assert int(held_back.headers["Retry-After"]) > 0
    assert shop.get("customers").status == 200, "good keys are not held back"


def test_401_for_somebody_signed_in_to_the_pages(site, stranger):
    cookie = f"gatebook={session_token(site.book.app, 'Ama')}"
    refusal(stranger.get("customers", Cookie=cookie), 401, "unauthenticated")
    refusal(stranger.post("customers", AMA, Cookie=cookie), 401, "unauthenticated")


def test_a_program_has_a_limit_of_its_own(site, program):
    """Whatever that of the others is; all its secrets share it."""
    with site.book.app.app_context():
        key, secret = api_keys.create_key(
            name="Slow", scopes=["read"], by=cast.actor("Ama"), calls_per_minute=3
        )
        new = key_changes.roll_key(key.id, hours=1, by=cast.actor("Ama"))[1]
    callers = [Program(site.address, one) for one in (secret, new)]
    answers = [callers[turn % 2].get("me") for turn in range(4)]
    for caller in callers:
        caller.close()
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert answers[0].data["callsPerMinute"] == 3
    assert answers[0].headers["RateLimit-Policy"] == '"key";q=3;w=60'
    assert program("read").get("me").data["callsPerMinute"] > 3
