"""The rules of DESIGN.md §7 except sizes: rooms, docstrings, words, and what must be documented."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.support.sources import MODULES, body_lines, functions_of
from webapp.settings import PROJECT, Settings

ROOMS = sorted(path.parent.name for path in (PROJECT / "webapp").glob("*/__init__.py"))


# Imports each room in a fork of its own, of a process that knows the libraries and nothing of ours.
ENTER = """
import os, sys, traceback
import flask_migrate, flask_sqlalchemy, flask_wtf, phonenumbers, psycopg, pydantic
assert not any(name.startswith("webapp") for name in sys.modules)
for line in sys.stdin.read().splitlines():
    room, *modules = line.split()
    pid = os.fork()
    if pid == 0:
        try:
            for module in modules:
                __import__(module)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(room, os.waitpid(pid, 0)[1])
"""


def test_a_room_can_be_entered_alone():
    """All its modules are imported in a process that has imported nothing else of ours."""
    lines = "\n".join(f"{room} {' '.join(modules_of(room))}" for room in ROOMS)
    done = subprocess.run(
        [sys.executable, "-c", ENTER],
        input=lines,
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=True,
    )
    assert done.stdout.split("\n")[:-1] == [f"{room} 0" for room in ROOMS], done.stderr


def modules_of(room):
    return [
        ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        for path in sorted((PROJECT / "webapp" / room).rglob("*.py"))
        if path.stem != "__init__"
    ]


def test_a_room_has_at_most_fifteen_modules():
    for room in {path.parent for path in MODULES}:
        modules = [path for path in room.glob("*.py") if path.stem != "__init__"]
        assert len(modules) <= 15, room


def test_every_module_says_what_it_is_for():
    for path in MODULES:
        sentence = (ast.get_docstring(ast.parse(path.read_text())) or "").split("\n\n")[0]
        assert sentence.endswith("."), path


SERVICES = (
    "history",
    "customers",
    "staff",
    "programs",
    "search",
    "lookalikes",
    "blacklist",
    "transfer",
)


def test_public_service_functions_say_what_they_do():
    for room in SERVICES:
        for path in (PROJECT / "webapp" / room).glob("*.py"):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    short = body_lines(node) <= 3
                    assert short or ast.get_docstring(node), f"{path.name}: {node.name}"
                    assert node.returns is not None


def test_forbidden_words_are_not_used():
    bad = ("utils", "helpers", "manager.py", "handle_")
    for path in MODULES:
        assert not any(word in str(path.relative_to(PROJECT)) for word in bad), path
        for node in functions_of(path):
            assert not node.name.startswith(("handle_", "do_", "process_")) or node.name in HOOKS, (
                node.name
            )


DANGEROUS = (
    "render_template_string",
    "eval(",
    "exec(",
    "pickle",
    "subprocess",
    "os.system",
    "yaml.load",
)
# Names that SQLAlchemy and Gunicorn prescribe.
HOOKS = {"process_bind_param", "process_result_value", "handle_request", "handle_error"}


def test_nothing_dangerous_is_called():
    for path in MODULES:
        text = path.read_text()
        for dangerous in DANGEROUS:
            assert dangerous not in text, path


def test_every_setting_is_documented():
    for name in Settings.__dataclass_fields__:
        assert f"        {name}: " in Settings.__doc__ or f" {name}: " in Settings.__doc__, name


def test_the_top_level_is_as_agreed():
    agreed = {
        "webapp",
        "templates",
        "static",
        "migrations",
        "tests",
        "wsgi.py",
        "pyproject.toml",
        "README.md",
    }
    agreed |= {
        "Makefile",
        "bench",
        ".ci",
        "docs",
        "LICENSE",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    }
    agreed |= {".gitignore", ".editorconfig", ".pre-commit-config.yaml", ".env.example"}
    listed = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    assert {Path(line).parts[0] for line in listed.splitlines()} <= agreed


PARTICIPLES = {"wanted", "found", "given", "said", "told", "kept"}


def test_a_variable_is_a_noun():
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            is_set = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            name = node.id if is_set else node.arg if isinstance(node, ast.arg) else ""
            assert name not in PARTICIPLES, f"{path}:{node.lineno}"
