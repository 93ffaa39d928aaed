"""Each template is checked against the fields of its page: a name misspelt on either side fails."""

import ast
import dataclasses
from functools import cache

import pytest
from jinja2 import meta, nodes

from tests.support.books import Book
from tests.support.modules import import_all
from webapp.http.page import Layout, Page
from webapp.settings import PROJECT

TEMPLATES = sorted(
    str(path.relative_to(PROJECT / "templates")) for path in (PROJECT / "templates").rglob("*.html")
)
# Names that Flask passes to every template, and those that `Page.context` adds to the fields.
GIVEN = {"request", "session", "g", "visitor"}
OF_EVERY_PAGE = {"layout", "bundles", "in_dialog", "is_refused"}


def pages():
    import_all()

    def below(kind):
        for page in kind.__subclasses__():
            yield page
            yield from below(page)

    return [page for page in below(Page) if hasattr(page, "template")]


PAGES = pages()


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    book = Book(f"sqlite:///{folder}/book.db", folder)
    yield book.app.jinja_env
    book.close()


class Template:
    """The names that a template uses and defines, and the templates that it includes."""

    def __init__(self, env, name):
        tree = env.parse(env.loader.get_source(env, name)[0])
        imports = list(tree.find_all(nodes.FromImport))
        self.undeclared = meta.find_undeclared_variables(tree) - set(own_names(tree))
        self.given = {one.name for one in tree.find_all(nodes.Name) if one.ctx != "load"}
        self.referenced = {name for name in meta.find_referenced_templates(tree) if name}
        self.includes = self.referenced - {node.template.value for node in imports}
        self.is_extended = any(True for _ in tree.find_all(nodes.Extends))


def own_names(tree):
    """Names that the file imports, defines or sets. Jinja analyses blocks one by one, and would
    report these as undeclared. Loop variables and macro arguments are excluded: they are visible
    only inside.
    """
    for node in tree.body:
        if isinstance(node, nodes.FromImport):
            yield from (name if isinstance(name, str) else name[1] for name in node.names)
        if isinstance(node, nodes.Macro):
            yield node.name
    for node in tree.find_all(nodes.Assign):
        yield from (one.name for one in [node.target, *node.target.find_all(nodes.Name)])


@cache
def template(env, name):
    return Template(env, name)


def needed(env, name, given=frozenset()):
    """All names that a template and its includes take from the page."""
    one = template(env, name)
    names = one.undeclared - given
    for included in one.includes:
        names |= needed(env, included, given | one.given)
    return names


def layouts_of(page):
    default = page.__dataclass_fields__["layout"].default
    return {default, Layout.PART, Layout.DIALOG} if default is Layout.PAGE else {default}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_a_template_uses_the_fields_of_its_page_and_no_others(env, page):
    names = needed(env, page.template)
    if template(env, page.template).is_extended:
        for layout in layouts_of(page):
            names |= needed(env, layout.value)
    known = set(env.globals) | GIVEN | OF_EVERY_PAGE
    fields = {field.name for field in dataclasses.fields(page)}
    assert names - known - fields == set(), "the page has no such field"
    assert fields - names - OF_EVERY_PAGE - {"refusal"} == set(), "the template does not show it"


def test_every_template_belongs_to_a_page(env):
    found = {page.template for page in PAGES} | {layout.value for layout in Layout}
    while more := {name for one in found for name in template(env, one).referenced} - found:
        found |= more
    assert set(TEMPLATES) == found


def source(name):
    return (PROJECT / "templates" / name).read_text()


LIBRARIES = [
    name
    for name in TEMPLATES
    if "{% macro" in source(name)
    and "{% extends" not in source(name)
    and not name.rpartition("/")[2].startswith("_")
]


@pytest.mark.parametrize("name", LIBRARIES)
def test_macros_take_what_they_show_as_arguments(env, name):
    """Macros are imported without the page's context, and see only globals."""
    assert template(env, name).undeclared <= set(env.globals)


def test_no_name_of_a_template_is_made_at_run_time():
    """Each name is a constant of its page, and only pages are rendered."""
    for path in (PROJECT / "webapp").rglob("*.py"):
        assert "render_template" not in path.read_text() or path.name == "page.py", path
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and str(node.value).endswith(".html"):
                assert (PROJECT / "templates" / str(node.value)).exists(), (path, node.value)
    for page in PAGES:
        assert isinstance(page.__dict__.get("template", ""), str), page
