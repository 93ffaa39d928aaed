"""Every text that people read on a page: in templates, in modules of pages and in refusals, in
scripts. The test of words walks them.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from webapp.settings import PROJECT

READ_ALOUD = {"aria-label", "placeholder", "title", "data-key-name", "data-row-key-name"}
WITHIN_A_SENTENCE = {"a", "abbr", "b", "bdi", "code", "ins", "span", "time"}
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
BOUNDARY = re.compile(
    r"\{% *-?(block|endblock|macro|endmacro|call|endcall|extends)\b.*?%\}", re.DOTALL
)
CONDITION = re.compile(r"\{%.*?%\}", re.DOTALL)
VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
QUOTED = re.compile(r'"([^"]*)"')
MODULES = ("web/**/*.py", "*/*.py")
NOT_FOR_PAGES = ("api", "cli", "transfer", "http/health", "settings", "housekeeping", "server")
SQL = re.compile(r"^(SELECT|INSERT|UPDATE|DELETE|WITH|ORDER|FROM|WHERE|CREATE|LOCK|SET|PRAGMA)\b")


@dataclass(frozen=True)
class Message:
    """A text and the file in which it stands.

    Attributes:
        text: With `…` where something is filled in.
        is_button: It names an action.
    """

    text: str
    place: str
    is_button: bool = False


def all_messages() -> list[Message]:
    found = [*_in_templates(), *_in_modules(), *_in_scripts(), *_in_terms()]
    return [message for message in found if re.search(r"[A-Za-z]{2}", message.text)]


def _in_templates() -> Iterator[Message]:
    for path in sorted((PROJECT / "templates").rglob("*.html")):
        place, source = _place(path), COMMENT.sub("", path.read_text())
        for expression in CONDITION.findall(source) + VALUE.findall(source):
            yield from (
                Message(text, place) for text in QUOTED.findall(expression) if _is_prose(text)
            )
        reader = _Reader(place)
        reader.feed(VALUE.sub("…", CONDITION.sub("", BOUNDARY.sub("<hr>", source))))
        reader.close()
        yield from reader.messages


class _Reader(HTMLParser):
    """Collects the texts between tags that end a sentence."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self._place, self._text, self._is_button = place, "", False

    def handle_starttag(self, tag, attrs):
        named = {name: value or "" for name, value in attrs}
        for name in READ_ALOUD & named.keys():
            self.messages.append(Message(named[name], self._place))
        is_button = tag == "button" or "button" in named.get("class", "").split()
        if is_button or tag not in WITHIN_A_SENTENCE:
            self._end()
            self._is_button = is_button

    def handle_endtag(self, tag):
        if tag not in WITHIN_A_SENTENCE or (self._is_button and tag == "a"):
            self._end()

    def handle_data(self, data):
        self._text += data

    def close(self):
        super().close()
        self._end()

    def _end(self):
        text = " ".join(self._text.split())
        if text:
            self.messages.append(Message(text, self._place, self._is_button))
        self._text, self._is_button = "", False


def _in_modules() -> Iterator[Message]:
    for path in sorted((PROJECT / "webapp").rglob("*.py")):
        if not _place(path).removeprefix("webapp/").startswith(NOT_FOR_PAGES):
            tree = ast.parse(path.read_text())
            told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for text in _texts(tree, told):
                if _is_prose(text) and not SQL.match(text):
                    yield Message(text, _place(path))


def _in_terms() -> Iterator[Message]:
    """What people read for codes, also where it is one word or the end of a sentence."""
    path = PROJECT / "webapp" / "web" / "words" / "terms.py"
    for node in ast.walk(ast.parse(path.read_text())):
        values = node.values if isinstance(node, ast.Dict) else ()
        for value in values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield Message(value.value, _place(path))


def _texts(node: ast.AST, docstrings: set[int]) -> Iterator[str]:
    """The strings under a node; an f-string is one, with `…` for each of its values."""
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "…" for part in node.values]
        yield " ".join("".join(map(str, parts)).split())
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str) and id(node) not in docstrings:
            yield " ".join(re.sub(r"\{\w*\}", "…", node.value).split())
    else:
        for child in ast.iter_child_nodes(node):
            yield from _texts(child, docstrings)


def _in_scripts() -> Iterator[Message]:
    for path in sorted((PROJECT / "static/js").glob("*.js")):
        yield from (
            Message(text, _place(path))
            for text in QUOTED.findall(path.read_text())
            if _is_prose(text)
        )


def _is_prose(text: str) -> bool:
    return " " in text.strip() and bool(re.match(r"[A-Z“…]", text)) and "_" not in text


def _place(path: Path) -> str:
    return str(path.relative_to(PROJECT))
