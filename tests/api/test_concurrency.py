"""Many programs at once, on the shipped server: no accepted change lost, no stale one accepted, one
limit.
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
        program, choose, accepted, refused = (
            Program(site.address, secret),
            random.Random(number),
            [],
            0,
        )
        for turn in range(TURNS):
            tag = program.get(path).headers["ETag"]
            if choose.random() < 0.3:
                tag = f'"{max(1, int(tag.strip(chr(34))) - choose.randint(1, 5))}"'
            mark = f"C{number}T{turn}"
            answer = program.call("PATCH", path, {"firstName": mark}, If_Match=tag)
            if answer.status == 200:
                accepted.append((int(tag.strip('"')), mark))
                assert answer.data["firstName"] == mark
            else:
                assert (answer.status, answer.code) == (412, "changed_meanwhile")
                assert answer.headers["ETag"] != tag, "the current customer has another version"
                assert answer.data["id"] in path
                refused += 1
        program.close()
        return accepted, refused

    with ThreadPoolExecutor(CLIENTS) as pool:
        results = list(pool.map(edit, range(CLIENTS)))
    first.close()
    accepted = sorted(change for found, _ in results for change in found)
    refused = sum(count for _, count in results)
    with site.book.app.app_context():
        customer = finding.get_customer(UUID(path.split("/")[1]))
        entries = entries_of(customer.subject, limit=10_000)[::-1][1:]
        assert [(entry.version - 1, entry.new("first_name")) for entry in entries] == accepted
        assert all(
            before.new("first_name") == after.old("first_name")
            for before, after in pairwise(entries)
        )
        assert customer.version == len(accepted) + 1
    assert accepted
    assert refused
    assert len(accepted) + refused == CLIENTS * TURNS
    figure(
        f"{CLIENTS} clients with If-Match on {site.book.kind}: {len(accepted)} accepted "
        f"and kept, {refused} told 412"
    )


def test_a_revoked_key_is_refused_in_every_worker(api_book, tmp_path):
    with api_book.app.app_context():
        key, secret = api_keys.create_key(
            name="Shop to be revoked", scopes=SCOPES, by=cast.actor("Ama")
        )
    with running_server(api_book.url, tmp_path / "log", GATEBOOK_WORKERS="4") as address:

        def statuses():
            found = set()
            for _ in range(24):
                program = Program(address, secret)
                found.add(program.get("customers").status)
                program.close()
            return found

        assert statuses() == {200}
        with api_book.app.app_context():
            api_keys.revoke_key(key.id, by=cast.SOMEBODY)
        assert statuses() == {401}


def test_one_limit_holds_across_workers(api_book, tmp_path):
    """Sixty a minute: as many are answered, less what other workers leased and had no time to
    use.
    """
    with api_book.app.app_context():
        _, secret = api_keys.create_key(name="Greedy", scopes=SCOPES, by=cast.actor("Ama"))
        _, other = api_keys.create_key(name="Modest", scopes=SCOPES, by=cast.actor("Ama"))
    limit = {"GATEBOOK_WORKERS": "4", "GATEBOOK_API_REQUESTS_PER_MINUTE": "60"}
    with running_server(api_book.url, tmp_path / "log", **limit) as address:
        answers = []
        for _ in range(100):
            program = Program(address, secret)
            answers.append(program.get("customers"))
            program.close()
        modest = Program(address, other)
        assert modest.get("customers").status == 200
        modest.close()
    allowed = [answer for answer in answers if answer.status == 200]
    refused = [answer for answer in answers if answer.status != 200]
    assert 60 <= len(allowed) <= 70, "60 at once, and those that came back while it ran"
    assert {answer.code for answer in refused} == {"too_many_requests"}
    assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in refused)
    assert allowed[0].headers["RateLimit-Policy"] == '"key";q=60;w=60'
    assert allowed[0].headers["RateLimit"].startswith('"key";r=')
    assert refused[0].headers["RateLimit"].startswith('"key";r=0;t=')
