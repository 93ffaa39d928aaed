"""How much stands on each sheet of a PDF that Chromium printed."""

import re
import zlib


def glyphs_by_sheet(pdf: bytes) -> list[int]:
    """The number of pieces of text that each page shows (ISO 32000-2 §9.4.3)."""
    objects = {
        int(found[1]): found[2] for found in re.finditer(rb"(\d+) 0 obj\s(.*?)endobj", pdf, re.S)
    }
    return [_shown(objects, body) for body in objects.values() if _is_page(body)]


def _is_page(body: bytes) -> bool:
    return re.search(rb"/Type\s*/Page\b(?!s)", body) is not None


def _shown(objects: dict[int, bytes], page: bytes) -> int:
    contents = re.search(rb"/Contents (\d+)", page)
    assert contents
    stream = re.search(rb"stream\r?\n(.*?)\r?\nendstream", objects[int(contents[1])], re.S)
    assert stream
    return len(re.findall(rb"T[jJ]", zlib.decompress(stream[1])))
