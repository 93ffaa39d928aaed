"""Webhooks at the command line."""

import re

import pytest

from tests.support.commands import run
from tests.support.receivers import receiving


def test_the_life_of_a_webhook(inside):
    with receiving() as receiver:
        status, output = run(
            inside, "webhooks", "add", receiver.address, "--kind", "blacklist.added"
        )
        assert status == 0
        assert re.fullmatch(r"whsec_\S+", output.splitlines()[-1])
        assert run(inside, "webhooks", "test", "1") == (0, "")
        assert run(inside, "webhooks", "list")[1] == f"1\ton\t1\t{receiver.address}\n"
        assert run(inside, "work", "--once")[0] == 0
        assert len(receiver.messages) == 1
        receiver.status = 410
        run(inside, "webhooks", "test", "1")
        run(inside, "work", "--once")
    assert run(inside, "webhooks", "list")[1].startswith("1\toff: gone\t0\t")
    assert run(inside, "webhooks", "test", "1")[0] == 1
    assert run(inside, "webhooks", "on", "1") == (0, "")
    assert run(inside, "webhooks", "roll", "1")[1].startswith("whsec_")
    assert run(inside, "webhooks", "off", "1") == (0, "")
    assert run(inside, "webhooks", "remove", "1") == (0, "")
    assert run(inside, "webhooks", "list") == (0, "")


@pytest.mark.parametrize("url", ["http://shop.example.com", "https://10.0.0.1/", "shop"])
def test_an_address_that_may_not_be(book, url):
    status, output = run(book, "webhooks", "add", url)
    assert status == 1
    assert "url: This" in output
