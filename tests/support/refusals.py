"""The refusal of somebody who may not do what they try."""

from collections.abc import Callable

import pytest

from webapp.kernel.refusals import Conflict


def refused(deed: Callable[[], object]) -> str:
    """The code of the refusal, which must be raised."""
    with pytest.raises(Conflict) as refusal:
        deed()
    return refusal.value.code
