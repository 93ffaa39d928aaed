"""`make failover`: twenty kills of the primary under eight writers, the negative control, and 64
editors on two servers.
"""

import argparse
import statistics
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from tests.support import cast, failover
from tests.support.books import Book
from tests.support.cluster import running_cluster
from tests.support.editors import edit_at_two_servers
from tests.support.postgres import postgres_server
from tests.support.relay import Relay
from tests.support.server import running_server

SECONDS = 1.0
EDITORS, EDITS = 64, 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    kills = parser.parse_args().kills
    with tempfile.TemporaryDirectory() as folder:
        is_right = [
            kill_again_and_again(Path(folder), kills),
            lose_on_purpose(Path(folder)),
            edit_at_once(Path(folder)),
        ]
    sys.exit(not all(is_right))


def kill_again_and_again(folder: Path, kills: int) -> bool:
    with running_cluster() as cluster, failover.running_site(cluster, folder) as site:
        writers, waits = site.writers(), []
        for number in range(1, kills + 1):
            cluster.join()
            waits.append(failover.kill_under_load(site, writers, seconds=SECONDS))
            print(
                f"kill {number}: first write {waits[-1] * 1_000:.0f} ms after the promotion",
                flush=True,
            )
        found = failover.count(site, writers)
    answers = sum((writer.answers for writer in writers), Counter[str]())
    print(
        f"{kills} kills under {len(writers)} writers at {len(site.addresses)} servers that "
        f"ran on: {dict(answers)}"
    )
    print(
        f"{found.acknowledged:,} acknowledged writes: {len(found.lost)} lost; changes half "
        f"done: {found.broken or 0}"
    )
    print(
        f"first write after a promotion: median {statistics.median(waits):.3f} s, longest "
        f"{max(waits):.3f} s"
    )
    return not (
        found.lost or found.broken or set(answers) - {"200", "201", "unavailable"} or max(waits) > 1
    )


def lose_on_purpose(folder: Path) -> bool:
    """The negative control: if the rig saw no loss here, its other results would prove nothing."""
    with (
        running_cluster(synchronous=False) as cluster,
        failover.running_site(cluster, folder) as site,
    ):
        with Relay([cluster.primary.port]) as relay:
            cluster.join(through=relay.port)
            relay.pause()
            writers = site.writers()
            failover.kill_under_load(site, writers, seconds=SECONDS)
        found = failover.count(site, writers)
    print(
        f"asynchronous standby that lags behind: {len(found.lost)} of {found.acknowledged} "
        "acknowledged writes lost"
    )
    return bool(found.lost)


def edit_at_once(folder: Path) -> bool:
    with postgres_server(is_durable=True) as url, ExitStack() as stack:
        book = Book(url, folder)
        with book.app.app_context():
            cast.hire()
        servers = [running_server(url, folder / f"editing{number}") for number in range(2)]
        addresses = [stack.enter_context(server) for server in servers]
        accepted, merged = edit_at_two_servers(book, addresses, editors=EDITORS, edits=EDITS)
        book.close()
    print(
        f"{EDITORS} x {EDITS} edits of one customer at two servers: {accepted} accepted "
        f"and kept, {merged} merged"
    )
    return accepted == EDITORS * EDITS


if __name__ == "__main__":
    main()
