"""The documents are true: links, quoted lines and the drawing; and all names are in
the glossary.
"""

import ast
import re
import runpy
import tomllib

from tests.support.modules import import_all
from webapp.kernel.refusals import all_refusals
from webapp.settings import PROJECT

DOCS = PROJECT / "docs"
RECORDS = sorted((DOCS / "decisions").glob("0*.md"))
MODULES = sorted((PROJECT / "webapp").rglob("*.py"))

# Standard terms of the field, which need no line in the glossary. A new word means a new line.
STANDARD = """
    account add address ago answer api ask asset back base busy call cli clock code components
    condition conflict context converter cookie count country crypto current data database
    delete deleted deletion derived difference docs due duplicate email enter error event
    example fact failure flask form fts5 globals headers health home htmx http idempotent
    identifier index input invalid jinja kernel key layout letter limit list load log login
    member menu message messages meta model moment name off offer openapi options out page
    parameter params password permission phone place policy postgresql preferences prepared
    progress proof public query rate recovery region remove renew renewal request response
    revoke routes row schema search second secret select selected server session sign signed
    sort state step subset success tag timeout toast trigram view warning webapp week welcome
    worker
"""
# Words without a meaning of their own.
SMALL = """
    a any as by for in long needed never new no not of plain quiet since taken to where which
    wrong
"""


def test_every_dependency_has_its_reason():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    table = (DOCS / "dependencies.md").read_text().lower()
    for requirement in wanted:
        name = re.match(r"[a-z0-9-]+", requirement)[0]
        assert name in table, name


def test_the_readme_is_short():
    assert len((PROJECT / "README.md").read_text().split()) <= 600


def test_each_line_that_the_tour_quotes_stands_where_it_says():
    tour = (DOCS / "tour.md").read_text()
    stops = re.findall(r"^`(\S+)`\n```python\n(.*?)```", tour, re.M | re.S)
    assert len(stops) >= 6
    for file, quoted in stops:
        code = (PROJECT / file).read_text().splitlines()
        for line in quoted.splitlines():
            assert line in code, (file, line)


def test_links_of_the_documents_lead_somewhere():
    for page in [*PROJECT.glob("*.md"), *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), (page.name, target)


def test_files_that_the_documents_name_are_there():
    files = {str(path.relative_to(PROJECT)) for path in PROJECT.glob("[a-z]*/**/*.*")}
    for page in [*PROJECT.glob("*.md"), *DOCS.rglob("*.md")]:
        for name in re.findall(r"`([\w/]+\.(?:py|html|css|js))`", page.read_text()):
            assert any(f"/{file}".endswith(f"/{name}") for file in files), (page.name, name)


def test_the_decisions_are_numbered_and_all_in_their_index():
    index = (DOCS / "decisions" / "index.md").read_text()
    for number, record in enumerate(RECORDS, start=1):
        heading, _, status = record.read_text().splitlines()[:3]
        title = heading.removeprefix(f"# {number}. ")
        assert title != heading, record.name
        assert f"| {number} | [{title}]({record.name}) |" in index, record.name
        assert re.match(r"\*\w+, \d+ \w+ \d{4}", status), record.name


def test_the_drawing_is_that_of_the_import_contract():
    program = runpy.run_path(str(DOCS / "draw_architecture.py"))
    assert program["PICTURE"].read_text(encoding="utf-8") == program["drawing"](), "make docs"


def test_names_of_modules_and_classes_consist_of_known_words():
    known = {singular(word) for word in glossary_words() + (STANDARD + SMALL).split()}
    unknown = {
        word: place for word, place in words_of_names().items() if singular(word) not in known
    }
    assert unknown == {}, "a line in docs/glossary.md, or a standard term in STANDARD"


def test_no_word_is_allowed_that_nobody_uses():
    used = {singular(word) for word in words_of_names()}
    assert [word for word in (STANDARD + SMALL).split() if singular(word) not in used] == []


def glossary_words() -> list[str]:
    """Every word in the first column of the tables."""
    cells = re.findall(r"^\| ([^|]*)\|", (DOCS / "glossary.md").read_text(), re.M)
    return re.findall(r"[a-z0-9]{2,}", " ".join(cells).lower())


# Refusals are named after what they say: `LastAdmin`, `RemovalChecked`.
import_all()
NOT_TERMS = {kind.__name__ for kind in all_refusals()}


def words_of_names() -> dict[str, str]:
    """Every word in the names of modules, rooms and public classes, each with a
    name that contains it.
    """
    words: dict[str, str] = {}
    for path in MODULES:
        name = path.parent.name if path.stem == "__init__" else path.stem
        words |= dict.fromkeys(name.split("_"), str(path.relative_to(PROJECT)))
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and not is_internal(node.name):
                parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", node.name)
                words |= dict.fromkeys(map(str.lower, parts), node.name)
    return words


def is_internal(name: str) -> bool:
    return name.startswith("_") or name in NOT_TERMS


def singular(word: str) -> str:
    """A rough singular: enough to match `addresses` to `address`, and `queries` to `query`."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if re.search(r"(ss|sh|ch|x)es$", word):
        return word[:-2]
    return re.sub(r"(?<![sui])s$", "", word)
