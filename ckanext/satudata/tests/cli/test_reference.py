from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.cli import satudata
from ckanext.satudata.model.reference import CodeRow
from ckanext.satudata.reference import shipped
from ckanext.satudata.store.reference import current_version
from ckanext.satudata.tests.reference.files import write

pytestmark = pytest.mark.usefixtures("module_portal")


class TestLoad:
    def test_everything_shipped(self, cli: Any) -> None:
        result = cli.invoke(satudata, ["reference", "load"])

        assert result.exit_code == 0
        lines = dict(line.split(maxsplit=1) for line in result.output.splitlines())
        assert {p.stem for p in shipped.paths()} <= lines.keys()
        assert lines["wilayah"] == "unchanged"

    def test_one_by_name(self, cli: Any) -> None:
        result = cli.invoke(satudata, ["reference", "load", "urusan"])

        assert (result.exit_code, result.output.split()) == (0, ["urusan", "unchanged"])

    def test_a_file_is_committed(self, cli: Any, tmp_path: Path) -> None:
        path = write(tmp_path, name="uji_cli", version=str(tmp_path), effective_from="2025-01-01")
        result = cli.invoke(satudata, ["reference", "load", str(path)])
        model.Session.rollback()

        assert result.exit_code == 0
        assert "loaded" in result.output
        version = current_version(model.Session, "uji_cli")
        assert version is not None
        assert version.version == str(tmp_path)

    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("id", "codes.csv:3: Kode `a` sudah ada di baris 2."),
            ("en", "codes.csv:3: The code `a` is already on line 2."),
        ],
    )
    def test_bad_file_is_refused_with_lines_in_the_portals_language(
        self, cli: Any, tmp_path: Path, ckan_config: dict[str, Any], language: str, expected: str
    ) -> None:
        ckan_config["ckan.locale_default"] = language
        path = write(tmp_path, "code,label\na,A\na,B\nc,\n", name="uji_salah")
        result = cli.invoke(satudata, ["reference", "load", str(path)])

        assert result.exit_code == 1
        assert expected in result.output
        assert "codes.csv:4" in result.output
        codes = sa.select(CodeRow.code).where(CodeRow.codelist == "uji_salah")
        assert model.Session.scalars(codes).all() == []

    def test_unknown_name_tells_the_known_ones(self, cli: Any) -> None:
        result = cli.invoke(satudata, ["reference", "load", "tidak-ada"])

        assert result.exit_code == 2
        assert "wilayah" in result.output


class TestList:
    def test_versions_with_source(self, cli: Any) -> None:
        result = cli.invoke(satudata, ["reference", "list"])

        line = next(x for x in result.output.splitlines() if x.startswith("wilayah"))
        assert "2025-04-25" in line
        assert "605 rows" in line
        assert "Kepmendagri 300.2.2-2138" in line
