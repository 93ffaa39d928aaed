"""`make cluster`: a primary with a synchronous standby, two application servers, a load balancer
and some load, to try things out on.
"""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

from tests.support import failover
from tests.support.cluster import Cluster, running_cluster
from tests.support.postgres import programs
from tests.support.relay import Relay
from tests.support.server import free_port
from webapp.kernel.database import db
from webapp.transfer.samples.load import load_people, sample_staff

PEOPLE, SECONDS_TO_A_LINE = 10_000, 5
HAPROXY = """
defaults
    mode tcp
    timeout connect 2s
    timeout client 60s
    timeout server 60s
frontend people
    bind 127.0.0.1:{port}
    default_backend servers
backend servers
    balance roundrobin
{servers}
"""


def main() -> None:
    port, stop = free_port(), Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    with tempfile.TemporaryDirectory() as name, running_cluster() as cluster:
        folder, url = Path(name), f"http://127.0.0.1:{port}"
        cluster.join()
        with failover.running_site(cluster, folder, GATEBOOK_PUBLIC_URL=url) as site:
            with failover.inside(cluster.url):
                load_people(PEOPLE, seed=1, progress=lambda _: None)
                staff = sample_staff(folder / "staff")
                db.session.remove()
            with balancer(folder, port, site.addresses) as kind:
                print(f"Gatebook    {url}  ({kind} in front of {' and '.join(site.addresses)})")
                tell_of(cluster)
                print("Logs       ", folder)
                print("Sign in as one of (role, e-mail, password):", *staff, sep="\n")
                print("Eight writers add and edit customers until Ctrl-C.")
                watch(site, stop)


def tell_of(cluster: Cluster) -> None:
    """Print where the servers are, and how to kill and promote them."""
    for what, server in (("Primary", cluster.primary), ("Standby", cluster.standby)):
        print(f"{what}     {server.url}  in {server.folder}")
    print(f"Kill it     kill -9 $(head -1 {cluster.primary.folder}/postmaster.pid)")
    print(f"Promote     {programs()}/psql {cluster.standby.url} -c 'SELECT pg_promote()'")


@contextmanager
def balancer(folder: Path, port: int, addresses: Sequence[str]) -> Iterator[str]:
    """Run HAProxy if it is installed, otherwise the relay from the tests; yields which one."""
    ports = [urlsplit(address).port or 0 for address in addresses]
    program = shutil.which("haproxy")
    if not program:
        with Relay(ports, port=port):
            yield "a relay, for want of HAProxy,"
        return
    servers = "\n".join(f"    server s{port} 127.0.0.1:{port} check" for port in ports)
    (folder / "haproxy.cfg").write_text(HAPROXY.format(port=port, servers=servers))
    process = subprocess.Popen([program, "-db", "-f", str(folder / "haproxy.cfg")])
    try:
        yield "HAProxy"
    finally:
        process.terminate()
        process.wait()


def watch(site: failover.Site, stop: Event) -> None:
    """Let the writers run until stopped, and print how many of their writes were acknowledged."""
    writers = site.writers()
    with failover.writing_by(writers):
        while not stop.wait(SECONDS_TO_A_LINE):
            accepted = sum(len(writer.accepted_at) for writer in writers)
            unavailable = sum(writer.answers["unavailable"] for writer in writers)
            print(f"{accepted:,} writes acknowledged, {unavailable:,} answers of 503", flush=True)


if __name__ == "__main__":
    main()
