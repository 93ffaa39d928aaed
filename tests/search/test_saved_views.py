"""Saved views: whose they are, who sees them, and what they keep."""

import pytest

from tests.support.cast import add, member
from webapp.kernel.refusals import Invalid, NotFound
from webapp.search import results, saved_views
from webapp.search.filters import CustomerFilter

pytestmark = pytest.mark.usefixtures("staffed")
NIGERIA = {"dial_code": "+234", "standing": "good"}


def names(person):
    return [view.name for view in saved_views.views_of(member(person).id)]


def save(person, name, filters=NIGERIA, *, is_shared=False):
    return saved_views.save_view(name, filters, is_shared=is_shared, owner_id=member(person).id)


def test_a_view_is_ones_own_until_it_is_shared():
    save("Esi", "Nigeria")
    save("Ama", "all of Ghana", {"dial_code": "+233"}, is_shared=True)
    assert names("Esi") == ["Nigeria", "all of Ghana"]
    assert names("Kwame") == ["all of Ghana"]


def test_the_same_name_replaces_ones_own_view_only():
    save("Esi", "Mine")
    save("Ama", "Mine", is_shared=True)
    save("Esi", " Mine ", {"standing": "waiting"})
    assert names("Esi") == ["Mine", "Mine"]
    own = [v for v in saved_views.views_of(member("Esi").id) if v.owner_id == member("Esi").id]
    assert [view.filters for view in own] == [{"standing": "waiting"}]


def test_nobody_deletes_the_view_of_somebody_else():
    view = save("Ama", "Ours", is_shared=True)
    with pytest.raises(NotFound, match="belongs to somebody else"):
        saved_views.delete_view(view.seq, by_id=member("Esi").id)
    assert saved_views.delete_view(view.seq, by_id=member("Ama").id) == "Ours"
    with pytest.raises(NotFound):
        saved_views.delete_view(view.seq, by_id=member("Ama").id)


def test_who_looks_after_staff_deletes_shared_views_only():
    shared, own = save("Esi", "Ours", is_shared=True), save("Esi", "Mine")
    saved_views.delete_view(shared.seq, by_id=member("Adwoa").id, any_shared=True)
    with pytest.raises(NotFound):
        saved_views.delete_view(own.seq, by_id=member("Adwoa").id, any_shared=True)
    assert names("Esi") == ["Mine"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b", None])
def test_a_view_needs_a_name(name):
    with pytest.raises(Invalid) as refusal:
        save("Esi", name)
    assert list(refusal.value.fields) == ["name"]


def test_unknown_filters_are_refused_and_there_are_not_too_many():
    with pytest.raises(Invalid):
        save("Esi", "Odd", {"standing": "odd"})
    for number in range(saved_views.MAX_VIEWS):
        save("Esi", f"View {number}")
    with pytest.raises(Invalid, match="Some details"):
        save("Esi", "One more")
    save("Esi", "View 3", {"standing": "waiting"})


def test_a_view_counts_whom_it_shows():
    add(phone="+2348012345678")
    add(email="other@example.com", phone="+233201234599")
    filters = CustomerFilter.read(save("Esi", "Nigeria").filters)
    assert results.count_of(filters) == results.page_of(filters).total == 1
