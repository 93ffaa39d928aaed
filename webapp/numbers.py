"""Whole numbers as they come in addresses, forms and settings: ASCII digits and nothing else."""

MOST_DIGITS = 10


def whole_number(text: str | None, *, least: int = 0, most: int = 10**9) -> int | None:
    """The number that a text says; `None` when it says none from `least` to `most`.

    `int()` would also take signs, spaces, underscores and the digits of every script.
    """
    if not text or len(text) > MOST_DIGITS or not (text.isascii() and text.isdigit()):
        return None
    return int(text) if least <= int(text) <= most else None
