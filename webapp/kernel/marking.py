"""Which parts of a shown text a search has matched."""

from collections.abc import Iterable

from webapp.kernel.folding import clusters, fold


def marked(
    text: str, fragments: Iterable[str], *, digits_only: bool = False
) -> list[tuple[str, bool]]:
    """Cut text into pieces, each with whether it matches one of the folded fragments.

    Args:
        digits_only: Compare digits only, so that `801234` is found in `+234 801 234 5678` across
            its spaces.
    """
    fragments = [fragment for fragment in fragments if fragment]
    if not fragments:
        return [(text, False)]
    parts = list(clusters(text))
    folded = [fold(c) if c.isdecimal() or not digits_only else "" for c in parts]
    return _cut(parts, _matching_positions(folded, fragments))


def _matching_positions(folded: list[str], fragments: Iterable[str]) -> set[int]:
    owners = [position for position, piece in enumerate(folded) for _ in piece]
    whole = "".join(folded)
    hits: set[int] = set()
    for fragment in fragments:
        start = whole.find(fragment)
        while start >= 0:
            hits.update(range(owners[start], owners[start + len(fragment) - 1] + 1))
            start = whole.find(fragment, start + 1)
    return hits


def _cut(parts: list[str], hits: set[int]) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    for position, part in enumerate(parts):
        hit = position in hits
        if pieces and pieces[-1][1] is hit:
            pieces[-1] = (pieces[-1][0] + part, hit)
        else:
            pieces.append((part, hit))
    return pieces
