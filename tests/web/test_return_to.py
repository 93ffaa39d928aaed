"""Where a deed leads back to: sealed, and never further than its reader may go."""

import json

import pytest

from tests.support.cast import actor
from tests.support.strict import PARTIAL
from webapp.blacklist import opening
from webapp.kernel import crypto
from webapp.web.frame.return_to import ReturnTo, Where, asked_return


def test_the_queue_is_drawn_for_managers_only_whatever_a_token_says(book, kofi, desk_of):
    with book.app.app_context():
        place = ReturnTo(Where.QUEUE).sealed()
        opening.open_case(kofi.id, reason="fraud", by=actor("Esi"))
    for name, drawn in (("Esi", "#record"), ("Ama", "#turn")):
        desk = desk_of(name)
        desk.open("/customers")
        token = desk.form("search-form").find("input[@name='csrf_token']").get("value")
        path = f"/customers/{kofi.id}/blacklisting"
        answer = desk.client.post(
            path,
            headers=PARTIAL,
            data={"csrf_token": token, "reason": "fraud", "return_to": place},
        )
        assert f'hx-target="{drawn}"' in answer.text


@pytest.mark.parametrize("said", [["nowhere", {}, 1], ["row"], {}, "row", None, ["row", 1, 2]])
def test_a_token_of_another_version_leads_to_the_customer(book, said):
    with book.app.app_context():
        token = crypto.encrypt_token("return to", json.dumps(said).encode())
    with book.app.test_request_context(query_string={"return_to": token}):
        assert asked_return() == ReturnTo()
