"""Whom a search for a name may have meant when it found nobody: people whose names differ from it
by typing errors.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, tzinfo

from webapp.kernel.folding import name_key
from webapp.kernel.typing_errors import is_close
from webapp.search import results
from webapp.search.filters import CustomerFilter
from webapp.search.results import ListRow
from webapp.search.timeout import SearchTooWide

MAX_OFFERED = 3
MAX_SEARCHES = 6
MIN_PART = 3


def close_names(filters: CustomerFilter, zone: tzinfo = UTC) -> list[ListRow]:
    """Up to three people with a name close to the one typed; none if it was not a name.

    A typing error leaves one half of its word or the other words as they were: these are searched.
    """
    if filters.understood.kind != "name":
        return []
    words = filters.understood.folded.split()
    close: dict[str, ListRow] = {}
    for text in list(_searches(words))[:MAX_SEARCHES]:
        with suppress(SearchTooWide):
            page = results.page_of(replace(filters, text=text, page=1), zone)
            close |= {str(row.id): row for row in page.rows if _is_meant(words, row)}
        if len(close) >= MAX_OFFERED:
            break
    return list(close.values())[:MAX_OFFERED]


def _searches(words: list[str]) -> Iterator[str]:
    """The text with one word after the other shortened to its first or its last half."""
    for place, word in enumerate(words):
        middle = len(word) // 2
        for part in (word[: max(middle, MIN_PART)], word[min(middle, len(word) - MIN_PART) :]):
            if len(part) >= MIN_PART and part != word:
                yield " ".join([*words[:place], part, *words[place + 1 :]])
    for place in range(len(words)):
        if len(words) > 1:
            yield " ".join([*words[:place], *words[place + 1 :]])


def _is_meant(words: list[str], row: ListRow) -> bool:
    """Whether each word is one of the name's, or close to one."""
    names = name_key(row.first_name, row.last_name).split()
    return all(any(word == name or is_close(word, name) for name in names) for word in words)
