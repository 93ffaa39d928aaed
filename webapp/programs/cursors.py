"""Cursors: where a program goes on reading. Opaque, so that nobody counts on what is in them; not
signed, because they open nothing.
"""

import base64
import re
from enum import StrEnum


class Cursor(StrEnum):
    """What a cursor is of: each is refused where another is meant."""

    CHANGES = "c1"
    CUSTOMERS = "l1"

    def written(self, place: int) -> str:
        """The cursor of a place, from 0."""
        return base64.urlsafe_b64encode(f"{self}.{place}".encode()).decode().rstrip("=")

    def read(self, text: str) -> int:
        """The place of a cursor.

        Raises:
            ValueError: it is no cursor of this kind.
        """
        try:
            form = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)).decode()
        except ValueError:
            form = ""
        match = re.fullmatch(rf"{self}\.(\d{{1,18}})", form, re.ASCII)
        if match is None or self.written(int(match[1])) != text:
            raise ValueError("This is not a cursor that this call has given")
        return int(match[1])
