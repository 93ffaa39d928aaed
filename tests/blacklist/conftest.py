"""Kofi, who is in the book."""

import pytest

from tests.support.cast import add
from webapp.customers.models import Customer


@pytest.fixture
def kofi() -> Customer:
    return add()
