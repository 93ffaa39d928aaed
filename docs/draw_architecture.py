"""Draws `docs/architecture.svg`: the rooms of `webapp/` as the import contract in `pyproject.toml`
stacks them. `make docs` runs it.
"""

import ast
import re
import textwrap
import tomllib
from html import escape
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PICTURE = PROJECT / "docs" / "architecture.svg"
# Pixels.
WIDTH, EDGE, GAP, PADDING = 800, 16, 10, 12
NAME_LINE, TEXT_LINE, HEADING = 18, 17, 56
LETTER_WIDTH = 6.6  # of small text, on average and with some to spare

STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #3d4650 }
    text.name { font: 600 15px system-ui, sans-serif; fill: #14181d }
    rect { fill: #eef3f8; stroke: #8fa3b8 }
    rect.door { fill: #fdf0d9; stroke: #c79a4a }
    svg { background: #fff }
    @media (prefers-color-scheme: dark) {
      text { fill: #c3ccd6 } text.name { fill: #f3f6f9 }
      rect { fill: #1f2935; stroke: #5d7186 }
      rect.door { fill: #3a2d16; stroke: #a58243 }
      svg { background: #12171d }
    }
    rect.module { fill: none; stroke-dasharray: 4 3 }
"""
CAPTION = (
    "Each room uses those below it, never above; rooms side by side do not know each other.",
    "Yellow: a door. Dashed: a single module.",
)


def floors() -> list[list[str]]:
    """The names on each floor, from the top, as the contract of layers lists them."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [re.split(r"\s*\|\s*", floor) for floor in layers]


def source(name: str) -> Path:
    """The file that says what a room or a module is for."""
    room = PROJECT / "webapp" / name / "__init__.py"
    return room if room.exists() else PROJECT / "webapp" / f"{name}.py"


def first_sentence(name: str) -> str:
    docstring = ast.get_docstring(ast.parse(source(name).read_text(encoding="utf-8"))) or ""
    plain = " ".join(docstring.replace("`", "").replace("….", "…").split())
    return re.split(r"(?<=[.…])\s", plain)[0]


def wrapped(sentence: str, letters: int) -> list[str]:
    """As few lines as possible, and those about equally long."""
    fewest = len(textwrap.wrap(sentence, letters))
    ways = (textwrap.wrap(sentence, width) for width in range(letters // 2, letters + 1))
    return next(lines for lines in ways if len(lines) == fewest)


def kind(name: str, floor: list[str]) -> str:
    if source(name).stem != "__init__":
        return "module"
    return "door" if "web" in floor else "room"


def box(name: str, style: str, lines: list[str], place: tuple[float, float, float, int]) -> str:
    """One room: its name, and what it is for, at a left, top, width and height."""
    left, top, width, height = place
    x = left + PADDING
    size = f'width="{width:g}" height="{height}" rx="6"'
    title = f"    <title>{escape(name)}: {escape(first_sentence(name))}</title>"
    shape = f'    <rect class="{style}" x="{left:g}" y="{top:g}" {size}/>'
    heading = text(x, top + 21, name, ' class="name"')
    texts = (text(x, top + 40 + number * TEXT_LINE, line) for number, line in enumerate(lines))
    return "\n".join(["  <g>", title, shape, heading, *texts, "  </g>"])


def text(x: float, y: float, words: str, style: str = "") -> str:
    return f'    <text{style} x="{x:g}" y="{y:g}">{escape(words)}</text>'


def row(floor: list[str], top: float) -> tuple[list[str], float]:
    """The boxes of one floor, and where the next floor begins."""
    width = (WIDTH - 2 * EDGE - GAP * (len(floor) - 1)) / len(floor)
    letters = int((width - 2 * PADDING) / LETTER_WIDTH)
    lines = [wrapped(first_sentence(name), letters) for name in floor]
    height = 10 + NAME_LINE + max(map(len, lines)) * TEXT_LINE + 8
    places = [(EDGE + n * (width + GAP), top, width, height) for n in range(len(floor))]
    kinds = [kind(name, floor) for name in floor]
    return list(map(box, floor, kinds, lines, places)), top + height + GAP


def drawing() -> str:
    """The whole picture as SVG."""
    boxes, top = [], float(EDGE + HEADING - GAP)
    for floor in floors():
        more, top = row(floor, top)
        boxes += more
    height = top + EDGE - GAP
    size = f'width="{WIDTH}" height="{height:g}"'
    view = f'viewBox="0 0 {WIDTH} {height:g}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} {view}>',
        "  <title>The rooms of Gatebook, each above those that it uses</title>",
        f"  <style>{STYLE}  </style>",
        *(text(EDGE, 28 + number * 20, line) for number, line in enumerate(CAPTION)),
        *boxes,
    ]
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(drawing(), encoding="utf-8")
