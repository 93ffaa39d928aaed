"""Writes benchmark results to `docs/figures.md`: one section per benchmark, with date and machine,
replaced by the next run.
"""

import os
import platform
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "figures.md"


def write_section(command: str, text: str) -> None:
    """Write the section of a command such as `make compare`, replacing the previous one."""
    begin, end = f"<!-- {command} -->", f"<!-- end of {command} -->"
    section = f"{begin}\n## From `{command}`\n\n{_about_this_run()}\n\n{text.strip()}\n{end}"
    page = PAGE.read_text()
    earlier = re.compile(rf"{re.escape(begin)}.*?{re.escape(end)}", re.S)
    if earlier.search(page):
        page = earlier.sub(lambda _: section, page)
    else:
        page = f"{page.rstrip()}\n\n{section}\n"
    PAGE.write_text(page)


def _about_this_run() -> str:
    python, sqlite = platform.python_version(), sqlite3.sqlite_version
    machine = f"{platform.system()}, {os.cpu_count()} cores, Python {python}, SQLite {sqlite}"
    return f"{datetime.now(UTC).date():%-d %B %Y}, {machine}."
