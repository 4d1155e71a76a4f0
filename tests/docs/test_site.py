"""The built site: whole, and without anything of another host."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class _Loaded(HTMLParser):
    """Addresses that a browser fetches by itself when it shows a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get(_LOADED.get(tag, ""))
        if address:
            self.addresses.append(address)


def _pages(site: Path) -> list[Path]:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 10
    return pages


class TestSite:
    def test_loads_nothing_from_another_host(self, site):
        for page in _pages(site):
            parser = _Loaded()
            parser.feed(page.read_text("utf-8"))
            assert parser.addresses
            outside = [a for a in parser.addresses if re.match(r"(?:https?:)?//", a)]
            assert outside == [], page

    def test_style_sheets_load_nothing_from_another_host(self, site):
        sheets = list(site.rglob("*.css"))
        assert sheets
        for sheet in sheets:
            assert re.findall(r"(?:url\(|@import )[\"']?https?:", sheet.read_text("utf-8")) == []

    def test_nothing_is_left_to_generate(self, site):
        left = re.compile(r"<!-- generate:|\[\[[A-Z]")
        assert [p for p in _pages(site) if left.search(p.read_text("utf-8"))] == []

    @pytest.mark.parametrize(
        ("page", "language"), [("operator", "id"), ("walidata", "id"), ("api", "en")]
    )
    def test_pages_say_their_language(self, page, language, site):
        assert f'<html lang="{language}"' in (site / page / "index.html").read_text("utf-8")

    def test_holds_no_program_of_ours(self, site):
        assert list(site.rglob("*.py")) == []

    def test_every_source_has_a_page(self, site):
        for source in (ROOT / "docs").rglob("*.md"):
            path = source.relative_to(ROOT / "docs").with_suffix("")
            page = site / (path.parent if path.name == "index" else path) / "index.html"
            assert page.is_file()


class TestReadme:
    def test_picture_is_small_enough_for_a_repository(self):
        pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
        assert len(pictures) == 1
        assert (ROOT / pictures[0]).stat().st_size < 200_000


@pytest.mark.usefixtures("portal")
class TestDataModel:
    def test_names_every_table(self, sources):
        import ckan.plugins.toolkit as tk

        text = sources["data-model.md"]
        tables = [n for n in tk.BaseModel.metadata.tables if n.startswith("satudata_")]
        assert len(tables) > 10
        assert [n for n in tables if f"`{n}`" not in text] == []

    def test_names_every_column_of_the_view(self, sources):
        import sqlalchemy as sa
        from ckan import model

        columns = sa.inspect(model.ensure_engine()).get_columns("satudata_observation")
        assert [
            c["name"] for c in columns if f"`{c['name']}`" not in sources["data-model.md"]
        ] == []

    def test_queries_can_be_run(self, sources):
        import sqlalchemy as sa
        from ckan import model

        queries = re.findall(r"```sql\n(.*?)```", sources["data-model.md"], re.DOTALL)
        assert len(queries) == 3
        with model.ensure_engine().connect() as connection:
            for query in queries:
                connection.execute(sa.text(query)).all()
