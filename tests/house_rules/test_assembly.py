"""The application works without its command line: the assembly installs the projections, and
without them nothing can be written.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from webapp.settings import PROJECT

KOFI, OTHER = "kofi.annan@example.com", "o@x.gh"


def test_without_commands_who_is_blacklisted_is_listed_and_found(tmp_path):
    assert in_a_new_process("register_and_blacklist", tmp_path / "book.db") == {
        "all": [KOFI, OTHER],
        "blacklisted": [KOFI],
        "good": [OTHER],
        "found": [KOFI],
        "waits_from": "2026-11-24T12:00:00.001000+00:00",
        "faults": [],
        "commands": [],
    }


def test_without_projections_nothing_is_written(tmp_path):
    assert in_a_new_process("write_without_projections", tmp_path / "book.db") == {
        "adding": "NoProjections",
        "changing": "NoProjections",
        "register": "NoProjections",
        "change": "NoProjections",
        "blacklist": "NoProjections",
        "Customer": 0,
        "HistoryEntry": 0,
    }


def in_a_new_process(deed: str, book: Path) -> dict:
    """What `without_commands` prints for a deed, run in a new process that has
    imported nothing of ours.
    """
    words = [sys.executable, "-m", "tests.house_rules.without_commands", deed, str(book)]
    done = subprocess.run(words, cwd=PROJECT, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
