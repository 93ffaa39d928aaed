"""Many programs at once, on the shipped server: no accepted change is lost, no stale one is
accepted, and a limit holds for all workers.
"""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import UUID

from tests.api.conftest import SCOPES
from tests.api.program import AMA, Program
from tests.support import cast
from tests.support.server import running_server
from webapp.customers import finding
from webapp.history.entries import entries_of
from webapp.programs import api_keys

CLIENTS, TURNS = 32, 12


def test_stale_and_fresh_if_match_on_one_customer(site, figure):
    secret = site.key()
    first = Program(site.address, secret)
    path = f"customers/{first.post('customers', AMA).data['id']}"

    def edit(number):
        program, choose = Program(site.address, secret), random.Random(number)
        found = [edit_once(program, path, choose, f"C{number}T{turn}") for turn in range(TURNS)]
        program.close()
        return found

    with ThreadPoolExecutor(CLIENTS) as pool:
        results = [change for found in pool.map(edit, range(CLIENTS)) for change in found]
    first.close()
    accepted = sorted(change for change in results if change)
    refused = results.count(None)
    with site.book.app.app_context():
        is_the_history(UUID(path.split("/")[1]), accepted)
    assert accepted
    assert refused
    assert len(accepted) + refused == CLIENTS * TURNS
    figure(
        f"{CLIENTS} clients with If-Match on {site.book.kind}: {len(accepted)} accepted "
        f"and kept, {refused} told 412"
    )


def edit_once(program, path, choose, mark):
    """Edit once, sometimes from an older version; the accepted version and mark, or None."""
    tag = program.get(path).headers["ETag"]
    if choose.random() < 0.3:
        tag = f'"{max(1, int(tag.strip(chr(34))) - choose.randint(1, 5))}"'
    answer = program.call("PATCH", path, {"firstName": mark}, If_Match=tag)
    if answer.status == 200:
        assert answer.data["firstName"] == mark
        return int(tag.strip('"')), mark
    assert (answer.status, answer.code) == (412, "changed_meanwhile")
    assert answer.headers["ETag"] != tag, "the current customer has another version"
    assert answer.data["id"] in path
    return None


def is_the_history(customer_id, accepted):
    """The history is exactly the accepted changes, each based on the one before."""
    customer = finding.get_customer(customer_id)
    entries = entries_of(customer.subject, limit=10_000)[::-1][1:]
    assert [(entry.version - 1, entry.new("first_name")) for entry in entries] == accepted
    assert all(
        before.new("first_name") == after.old("first_name") for before, after in pairwise(entries)
    )
    assert customer.version == len(accepted) + 1


def test_a_revoked_key_is_refused_in_every_worker(api_book, tmp_path):
    with api_book.app.app_context():
        key, secret = api_keys.create_key(
            name="Shop to be revoked", scopes=SCOPES, by=cast.actor("Ama")
        )
    with running_server(api_book.url, tmp_path / "log", GATEBOOK_WORKERS="4") as address:

        def statuses():
            return {list_once(address, secret).status for _ in range(24)}

        assert statuses() == {200}
        with api_book.app.app_context():
            api_keys.revoke_key(key.id, by=cast.SOMEBODY)
        assert statuses() == {401}


def list_once(address, secret):
    """On a new connection, so that every worker is reached."""
    program = Program(address, secret)
    answer = program.get("customers")
    program.close()
    return answer


def test_one_limit_holds_across_workers(api_book, tmp_path):
    """Together the four workers answer sixty calls a minute, plus those refilled meanwhile."""
    with api_book.app.app_context():
        _, secret = api_keys.create_key(name="Greedy", scopes=SCOPES, by=cast.actor("Ama"))
        _, other = api_keys.create_key(name="Modest", scopes=SCOPES, by=cast.actor("Ama"))
    limit = {"GATEBOOK_WORKERS": "4", "GATEBOOK_API_REQUESTS_PER_MINUTE": "60"}
    with running_server(api_book.url, tmp_path / "log", **limit) as address:
        answers = [list_once(address, secret) for _ in range(100)]
        assert list_once(address, other).status == 200
    allowed = [answer for answer in answers if answer.status == 200]
    refused = [answer for answer in answers if answer.status != 200]
    assert 60 <= len(allowed) <= 70, "60 at once, and those that came back while it ran"
    assert {answer.code for answer in refused} == {"too_many_requests"}
    assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in refused)
    assert allowed[0].headers["RateLimit-Policy"] == '"key";q=60;w=60'
    assert allowed[0].headers["RateLimit"].startswith('"key";r=')
    assert refused[0].headers["RateLimit"].startswith('"key";r=0;t=')
