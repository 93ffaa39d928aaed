"""The floor of browsers (Chrome and Edge 111, Firefox 113, Safari 16.4): what is younger stands
behind `@supports`, or does no harm where it is not known.
"""

import re

import pytest

from webapp.settings import PROJECT

SHEETS = sorted((PROJECT / "static/css").glob("*.css"))
SCRIPTS = sorted((PROJECT / "static/js").glob("*.js"))
# What the floor does not know, by the version of Chrome or Firefox that brought it.
YOUNGER_CSS = {
    "light-dark() (Chrome 123)": r"light-dark\(",
    "relative colours (Chrome 119)": r"oklch\(from ",
    "text-wrap: pretty (Chrome 117)": r"text-wrap: pretty",
    "anchor positioning (Chrome 125)": r"anchor\(|position-anchor",
    "lh (Firefox 120)": r"\d(r?lh)\b",
}
YOUNGER_JS = {
    "Object.groupBy (Chrome 117)": r"Object\.groupBy",
    "Set methods (Chrome 122)": r"\.(union|intersection|difference|isSubsetOf)\(",
    "toSorted (Firefox 115)": r"\.to(Sorted|Reversed|Spliced)\(",
    "Promise.withResolvers (Chrome 119)": r"withResolvers",
    "popovers that are not asked for (Chrome 114)": r"Popover\(\)",
}


def declarations(path):
    """A sheet without comments, and without the rules inside `@media` and the like unfolded."""
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("what", YOUNGER_CSS)
def test_no_sheet_needs_younger_css(what):
    for path in SHEETS:
        assert not re.search(YOUNGER_CSS[what], declarations(path)), (what, path.name)


def test_no_rule_is_nested_in_another():
    for path in SHEETS:
        open_rules = []
        for opened in re.finditer(r"([^{};]*)([{}])", declarations(path)):
            if opened[2] == "}":
                open_rules.pop()
                continue
            selector = opened[1].strip()
            is_rule = not selector.startswith("@")
            assert not (is_rule and True in open_rules), (path.name, selector)
            open_rules.append(is_rule)


@pytest.mark.parametrize("what", YOUNGER_JS)
def test_no_script_needs_younger_javascript(what):
    for path in SCRIPTS:
        assert not re.search(YOUNGER_JS[what], path.read_text()), (what, path.name)


def test_what_is_younger_is_hidden_where_it_is_not_known():
    shell = (PROJECT / "static/css/shell.css").read_text()
    assert "@supports not selector(:popover-open)" in shell
    assert ".below-floor" in (PROJECT / "static/css/base.css").read_text()


def test_no_field_looks_different_in_each_browser():
    """WebKit shows the day of today in an empty field for a day, as if somebody had typed it."""
    drawn_by_browsers = re.compile(
        r"""type["']?[=:]\s*["']?(date|datetime-local|time|month|week)\b"""
    )
    forms = [*(PROJECT / "templates").rglob("*.html"), *(PROJECT / "webapp").rglob("forms.py")]
    assert [path.name for path in forms if drawn_by_browsers.search(path.read_text())] == []
