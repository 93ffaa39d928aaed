"""Templates and vendored files: nothing inline, nothing evaluated, nothing from other sites, and
every colour readable.
"""

import hashlib
import json
import math
import re

import pytest

from webapp.settings import PROJECT

TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))
VENDOR = PROJECT / "static/vendor"
FORBIDDEN = {
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an inline style": r"<style|\sstyle=",
    "an event attribute": r"\son\w+=",
    "hx-on": r"hx-on",
    "hx-boost": r"hx-boost",
    "an expression for htmx": r"""["']js:|data-hx-trigger="[^"]*\[""",
    "a bare hx- attribute": r"\s(?<!data-)hx-(get|post|put|delete|target|swap|trigger)",
    "something from elsewhere": r"""(src|href)="(https?:)?//""",
    "unescaped output": r"\|\s*safe\b|autoescape false",
    "the database": r"\bdb\.|\bsession\.|\.query\b",
}
TEXT_PAIRS = [
    *[("ink", ground) for ground in ("surface", "canvas", "sunk", "hover", "selected", "mark")],
    *[("ink-2", ground) for ground in ("surface", "canvas", "sunk", "hover", "selected")],
    *[("ink-3", ground) for ground in ("surface", "canvas", "sunk", "hover", "selected")],
    *[("accent", ground) for ground in ("surface", "canvas", "hover", "selected")],
    ("accent-hi", "accent-soft"), ("accent-hi", "selected"), ("accent-hi", "hover"),
    ("on-accent", "accent"), ("on-accent", "accent-hi"), ("danger-ink", "danger-soft"),
    ("danger-ink", "surface"), ("danger-ink", "canvas"), ("warn-ink", "warn-soft"),
    ("ok-ink", "ok-soft"), ("info-ink", "info-soft"), ("canvas", "ink"),
]  # fmt: skip
CONTROL_PAIRS = [
    ("line-ctl", "surface"),
    ("line-ctl", "canvas"),
    ("accent", "surface"),
    ("danger", "surface"),
]


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(PROJECT / "templates"))
)
def test_templates_hold_nothing_that_the_policy_forbids(path):
    for what, pattern in FORBIDDEN.items():
        assert not re.search(pattern, path.read_text()), f"{what} in {path.name}"


@pytest.mark.parametrize(
    "path", [p for p in TEMPLATES if p.name.startswith("_")], ids=lambda path: path.name
)
def test_a_fragment_says_what_it_needs_and_never_extends(path):
    text = path.read_text()
    assert re.match(r"\{# Needs", text), path.name
    assert "{% extends" not in text


def test_vendored_files_are_those_of_the_manifest():
    manifest = json.loads((VENDOR / "manifest.json").read_text())
    listed = {entry["file"]: entry for entry in manifest}
    licences = {entry["licence_file"] for entry in manifest}
    assert set(listed) | licences | {"manifest.json"} == {path.name for path in VENDOR.iterdir()}
    for name, entry in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == entry["sha256"], name


def test_every_icon_that_is_used_is_in_the_sprite():
    sprite = "".join(path.read_text() for path in VENDOR.glob("lucide*.svg"))
    used = {
        name
        for path in TEMPLATES
        for name in re.findall(
            r'"([a-z-]+)"', " ".join(re.findall(r"icon\([^)]*\)", path.read_text()))
        )
    }
    assert {name for name in used if f'id="{name}"' not in sprite} == set()


def luminance(lightness, chroma, hue):
    """Relative luminance (WCAG 2.2) of an OKLCH colour in sRGB."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(1, max(0, value)) for value in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colours():
    text = (PROJECT / "static/css/tokens.css").read_text()
    number = r"([\d.]+)"
    pattern = (
        rf"--([\w-]+): var\(--light, oklch\({number} {number} {number}\)\) "
        rf"var\(--dark, oklch\({number} {number} {number}\)\)"
    )
    for name, *values in re.findall(pattern, text):
        light, dark = [float(v) for v in values[:3]], [float(v) for v in values[3:]]
        yield name, (luminance(*light), luminance(*dark))


@pytest.mark.parametrize(
    ("pairs", "needed"), [(TEXT_PAIRS, 4.5), (CONTROL_PAIRS, 3.0)], ids=["text", "controls"]
)
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_pair_of_colours_has_enough_contrast(pairs, needed, theme):
    found = dict(colours())
    for front, ground in pairs:
        one, other = sorted((found[front][theme], found[ground][theme]), reverse=True)
        assert (one + 0.05) / (other + 0.05) >= needed, (front, ground)
