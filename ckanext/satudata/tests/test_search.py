"""Searching: whatever is typed, nobody sees what is not public."""

from __future__ import annotations

import pytest

from ckanext.satudata.tests.worlds import KABUPATEN, Table, act, agency, indicator, unique

pytestmark = pytest.mark.usefixtures("portal")

ATTACKS = (
    "*:*",
    "*:* OR capacity:private",
    "state:draft OR state:active",
    "({title}) OR (+capacity:private)",
    "{{!lucene}}capacity:private",
    "{{!join from=id to=id}}capacity:private",
    '{{!func}}query($x)" OR name:*',
    '_query_:"capacity:private"',
    '{title}" OR capacity:"private',
    "name:{title}",
)


@pytest.fixture(scope="module")
def hidden(module_portal) -> str:
    """Title word of a draft and of a private dataset, and of no public one."""
    holder = agency("uji-pencarian")
    word = unique("rahasia").replace("-", "")
    holder.draft(title=f"Konsep {word}")
    code = indicator(producer_org=holder.id)
    public = holder.published(Table(code, {KABUPATEN: 1.0}), title=f"Tertutup {word}")
    act("package_patch", holder.user, id=public["id"], private=True)
    return word


class TestAttacks:
    @pytest.mark.parametrize("place", ["q", "fq", "sort", "facet.field", "fl"])
    def test_shows_nothing_that_is_not_public(self, app, hidden, place) -> None:
        for attack in ATTACKS:
            asked = {place: attack.format(title=hidden), "rows": "1000"}
            asked |= {"include_private": "true", "include_drafts": "true"}
            answer = app.get("/api/3/action/package_search", query_string=asked)
            assert answer.status_code in (200, 400, 409), answer.body
            assert f"Konsep {hidden}" not in answer.body
            assert f"Tertutup {hidden}" not in answer.body

    @pytest.mark.parametrize(
        "address", ["/dataset/", "/satudata/indikator/", "/organization/uji-pencarian"]
    )
    def test_pages_that_search_show_it_as_text(self, app, hidden, address) -> None:
        for attack in ATTACKS:
            text = attack.format(title=hidden) + "<script>alert(1)</script>"
            answer = app.get(address, query_string={"q": text}, status=None)
            assert answer.status_code < 500
            assert "<script>alert(1)" not in answer.body
            assert f"Konsep {hidden}" not in answer.body
            assert f"Tertutup {hidden}" not in answer.body
