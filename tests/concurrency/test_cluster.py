"""Several application servers on PostgreSQL with a standby: no acknowledged write
is lost when the primary dies.
"""

import time
from collections import Counter
from contextlib import ExitStack

import pytest

from tests.api.program import Program
from tests.support import cast, failover
from tests.support.cluster import running_cluster
from tests.support.editors import edit_at_two_servers
from tests.support.proofs import rounds
from tests.support.relay import Relay
from tests.support.server import running_server
from tests.support.wire import WireBrowser
from webapp.programs import api_keys

KILLS = 3
EDITORS, EDITS = 16, rounds(5, 10)
ON_POSTGRESQL = pytest.mark.parametrize("session_book", ["postgresql"], indirect=True)
LIMITED = {"GATEBOOK_API_REQUESTS_PER_MINUTE": "60"}


def test_no_acknowledged_write_is_lost_when_the_primary_is_killed(tmp_path, figure):
    with running_cluster() as cluster, failover.running_site(cluster, tmp_path) as site:
        writers, waits = site.writers(), []
        for _ in range(KILLS):
            cluster.join()
            waits.append(failover.kill_under_load(site, writers, seconds=0.7))
        found = failover.count(site, writers)
    answers = sum((writer.answers for writer in writers), Counter())
    assert set(answers) == {"200", "201", "unavailable"}
    assert (found.lost, found.broken) == ([], [])
    assert max(waits) < 1, "the first write after a promotion"
    figure(
        f"{KILLS} kills of the primary under {len(writers)} writers: {found.acknowledged} "
        "acknowledged, none lost"
    )


def test_the_rig_sees_what_a_standby_that_lags_behind_loses(tmp_path, figure):
    """The negative control: an asynchronous standby that is cut off for a while."""
    with (
        running_cluster(synchronous=False) as cluster,
        failover.running_site(cluster, tmp_path) as site,
    ):
        with Relay([cluster.primary.port]) as relay:
            cluster.join(through=relay.port)
            relay.pause()
            writers = site.writers()
            failover.kill_under_load(site, writers, seconds=2)
        found = failover.count(site, writers)
    assert found.lost
    figure(
        f"the same with a standby that lags behind: {len(found.lost)} of "
        f"{found.acknowledged} acknowledged are lost"
    )


@pytest.fixture
def two_servers(book, tmp_path):
    """The addresses of two application servers on one database."""
    with book.app.app_context():
        cast.hire()
    servers = [running_server(book.url, tmp_path / f"log{n}", **LIMITED) for n in range(2)]
    with ExitStack() as stack:
        yield [stack.enter_context(server) for server in servers]


@ON_POSTGRESQL
def test_editors_at_two_servers_lose_no_accepted_change(book, two_servers, figure):
    accepted, merged = edit_at_two_servers(book, two_servers, editors=EDITORS, edits=EDITS)
    assert accepted == EDITORS * EDITS
    figure(
        f"{accepted} edits of one customer by {EDITORS} people at two servers: all kept, "
        f"{merged} merged"
    )


@ON_POSTGRESQL
def test_one_limit_holds_across_servers(book, two_servers):
    with book.app.app_context():
        secret = api_keys.create_key(name="Shop", scopes=["read"], by=cast.actor("Ama"))[1]
    programs = [Program(address, secret) for address in two_servers]
    begun = time.monotonic()
    statuses = [programs[turn % 2].get("customers").status for turn in range(100)]
    for program in programs:
        program.close()
    assert statuses.count(200) <= 61 + time.monotonic() - begun, "sixty, and one for each second"
    assert set(statuses) == {200, 429}


@ON_POSTGRESQL
def test_one_session_holds_across_servers(book, two_servers):
    with book.app.app_context():
        token = cast.session_token(book.app, "Esi")
    here, there = [WireBrowser(address, token) for address in two_servers]
    assert [here.get("/customers")[0], there.get("/customers")[0]] == [200, 200]
    assert here.post("/sign-out", here.form("/customers", "sign-out"))[0] == 303
    assert there.get("/customers")[0] == 303
    for browser in (here, there):
        browser.close()
