"""The source code of this project: its files and functions, and their sizes."""

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

from webapp.settings import PROJECT

MODULES = sorted((PROJECT / "webapp").rglob("*.py"))
PROOFS = sorted([*(PROJECT / "tests").rglob("*.py"), *(PROJECT / "bench").rglob("*.py")])
Function = ast.FunctionDef | ast.AsyncFunctionDef
LAYOUT = {"COMMENT", "NL", "NEWLINE", "INDENT", "DEDENT", "ENDMARKER", "FSTRING_END"}


def functions_of(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, Function):
            yield node


def body_lines(node: Function) -> int:
    """Lines of code, without the signature and the docstring."""
    statements = node.body[1:] if ast.get_docstring(node) else node.body
    return statements[-1].end_lineno - statements[0].lineno + 1 if statements else 0


def tokens_by_function(path: Path) -> Iterator[tuple[Function, int]]:
    """The tokens of each function, without decorators, docstring and layout."""
    lines = list(_lines_of_tokens(path.read_text()))
    for node in functions_of(path):
        told = range(0)
        if ast.get_docstring(node):
            told = range(node.body[0].lineno, node.body[0].end_lineno + 1)
        yield (
            node,
            sum(node.lineno <= line <= node.end_lineno and line not in told for line in lines),
        )


def _lines_of_tokens(text: str) -> Iterator[int]:
    """The line on which each token begins; an f-string counts as one token, as it
    did before Python 3.12.
    """
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        name = tokenize.tok_name[token.type]
        depth -= name == "FSTRING_END"
        if not depth and name not in LAYOUT:
            yield token.start[0]
        depth += name == "FSTRING_START"
