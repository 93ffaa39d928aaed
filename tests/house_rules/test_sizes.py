"""Limits on the size of functions and files, in tokens and lines (DESIGN.md §7);
prints its figures.
"""

import statistics
import tomllib

import pytest

from tests.support.sources import MODULES, PROOFS, body_lines, functions_of, tokens_by_function
from webapp.settings import PROJECT

TEXTS = {
    "*.py": (MODULES, 300),
    "*.py of tests and bench": (PROOFS, 300),
    "*.html": (sorted((PROJECT / "templates").rglob("*.html")), 100),
    "*.css, *.js": (
        sorted([*(PROJECT / "static/css").glob("*"), *(PROJECT / "static/js").glob("*")]),
        300,
    ),
}
MAX_TOKENS = 320


def test_functions_are_small(figure):
    sizes = [body_lines(node) for path in MODULES for node in functions_of(path)]
    median, high, most = spread(sizes)
    figure(f"{len(sizes)} functions: median {median} lines, 95th percentile {high}, longest {most}")
    assert median <= 10
    assert high <= 30
    assert most <= 50


def test_functions_of_tests_are_no_longer(figure):
    sizes = [body_lines(node) for path in PROOFS for node in functions_of(path)]
    median, high, most = spread(sizes)
    figure(
        f"{len(sizes)} functions of tests and bench: median {median} lines, 95th percentile "
        f"{high}, longest {most}"
    )
    assert most <= 50


def test_functions_have_few_tokens(figure):
    sizes = tokens_of(MODULES)
    median, high, most = spread(sizes.values())
    figure(f"{len(sizes)} functions: median {median} tokens, 95th percentile {high}, most {most}")
    assert median <= 60
    assert high <= 180
    assert too_large(sizes) == set()


def test_functions_of_tests_have_few_tokens(figure):
    sizes = tokens_of(PROOFS)
    median, high, most = spread(sizes.values())
    figure(
        f"{len(sizes)} functions of tests and bench: median {median} tokens, 95th percentile "
        f"{high}, most {most}"
    )
    assert high <= 180
    assert too_large(sizes) == set()


def tokens_of(paths):
    """Tokens by file, name and line."""
    return {
        (str(path.relative_to(PROJECT)), node.name, node.lineno): tokens
        for path in paths
        for node, tokens in tokens_by_function(path)
    }


def too_large(sizes):
    return {(file, name) for (file, name, _), tokens in sizes.items() if tokens > MAX_TOKENS}


def spread(sizes):
    """The median, the 95th percentile and the largest."""
    ordered = sorted(sizes)
    return statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1]


@pytest.mark.parametrize("kind", TEXTS)
def test_files_are_small(kind, figure):
    paths, ceiling = TEXTS[kind]
    sizes = {path: len(path.read_text().splitlines()) for path in paths}
    longest = max(sizes, key=sizes.get)
    figure(f"{len(paths)} files {kind}: longest {longest.name} with {sizes[longest]} lines")
    assert {path.name: lines for path, lines in sizes.items() if lines > ceiling} == {}


def test_lines_are_short():
    """The linter enforces the length in every file."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["ruff"]
    assert settings["line-length"] == 100
    assert "E501" not in settings["lint"]["ignore"]
