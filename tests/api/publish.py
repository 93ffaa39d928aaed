"""Writes `docs/openapi.json`, the published description: `python -m tests.api.publish`.

It refuses to publish what would break a client of the one before.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.api.breaking import breaks
from tests.support.books import Book
from webapp.settings import PROJECT

PUBLISHED = PROJECT / "docs/openapi.json"


def published() -> dict[str, Any]:
    description: dict[str, Any] = json.loads(PUBLISHED.read_text())
    return description


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        book = Book(f"sqlite:///{name}/book.db", Path(name))
        present = book.app.test_client().get("/api/v1/openapi.json").json
        book.close()
    broken = breaks(published(), present) if PUBLISHED.exists() else []
    if broken:
        sys.exit("\n".join(["This would break clients:", *broken]))
    PUBLISHED.write_text(json.dumps(present, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
