"""What is sent is signed as Standard Webhooks says, which two libraries of others confirm."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks
import svix

from webapp.programs.webhooks import signing

LIBRARIES = {"standardwebhooks": standardwebhooks.Webhook, "svix": svix.webhooks.Webhook}
REFUSALS = (standardwebhooks.webhooks.WebhookVerificationError,)
REFUSALS += (svix.webhooks.WebhookVerificationError,)
BODY = json.dumps({"type": "customer.changed", "data": {"name": "Đặng ü"}}).encode()


@pytest.fixture(params=LIBRARIES)
def library(request):
    return LIBRARIES[request.param]


def headers(*good, body=BODY, at=None):
    return signing.headers("msg_1", int(at or time.time()), body, good)


def test_it_is_confirmed(library):
    secret = signing.new_secret()
    library(secret).verify(BODY, headers(secret))


def test_either_secret_confirms_while_it_is_changed(library):
    new, old = signing.new_secret(), signing.new_secret()
    for secret in (new, old):
        library(secret).verify(BODY, headers(new, old))


@pytest.mark.parametrize("place", [0, len(BODY) // 2, len(BODY) - 1])
def test_a_byte_that_was_changed_is_refused(library, place):
    secret = signing.new_secret()
    changed = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
    with pytest.raises(REFUSALS):
        library(secret).verify(changed, headers(secret))


def test_another_secret_is_refused(library):
    with pytest.raises(REFUSALS):
        library(signing.new_secret()).verify(BODY, headers(signing.new_secret()))


@pytest.mark.parametrize("minutes", [-6, 6])
def test_another_time_is_refused(library, minutes):
    secret = signing.new_secret()
    at = (datetime.now(UTC) + timedelta(minutes=minutes)).timestamp()
    with pytest.raises(REFUSALS):
        library(secret).verify(BODY, headers(secret, at=at))


def test_another_id_is_refused(library):
    secret = signing.new_secret()
    with pytest.raises(REFUSALS):
        library(secret).verify(BODY, headers(secret) | {"webhook-id": "msg_2"})


def test_a_secret_is_one_of_the_standard():
    """24 to 64 random bytes in base64, with the prefix by which leaked ones are searched for."""
    first, second = signing.new_secret(), signing.new_secret()
    assert first.startswith("whsec_")
    assert first != second
    assert 24 <= signing.SECRET_BYTES <= 64
