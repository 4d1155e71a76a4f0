from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from pathlib import Path

import pytest

from ckanext.satudata import rules
from ckanext.satudata.consistency.rules import RuleError
from ckanext.satudata.rules.compiled import document

TEXT = 'version: "1"\nrules: [{id: "a", share: 0.5, wanted: true, none: ~, text: "é"}]\n'
HELD = {
    "version": "1",
    "rules": [{"id": "a", "share": 0.5, "wanted": True, "none": None, "text": "é"}],
}


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    path = tmp_path / "some.yaml"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def reads(monkeypatch):
    """How often YAML was read."""
    from ckanext.satudata.consistency import rules as pure

    seen: list[str] = []
    read = pure.read_yaml

    def counted(text, source):
        seen.append(source)
        return read(text, source)

    monkeypatch.setattr(pure, "read_yaml", counted)
    return seen


def kept(path: Path) -> Path:
    return Path(importlib.util.cache_from_source(str(path))).with_suffix(".json")


class TestDocument:
    def test_reads_yaml_once(self, path, reads):
        assert [document(path), document(path)] == [HELD, HELD]
        assert reads == ["some.yaml"]
        assert [p.name for p in kept(path).parent.iterdir()] == [kept(path).name]

    def test_an_edited_file_is_read_anew(self, path):
        document(path)
        path.write_text(TEXT.replace("0.5", "0.7"), "utf-8")
        assert document(path)["rules"][0]["share"] == 0.7
        assert document(path)["rules"][0]["share"] == 0.7

    @pytest.mark.parametrize(
        "damage",
        [
            lambda content: b"",
            lambda content: content[:-9],
            lambda content: content.replace(b"0.5", b"0.6"),
            lambda content: content.replace(b"\n", b" "),
            lambda content: b"\xff" + content,
        ],
    )
    def test_what_is_damaged_is_made_again(self, path, reads, damage):
        document(path)
        whole = kept(path).read_bytes()
        kept(path).write_bytes(damage(whole))
        assert document(path) == HELD
        assert len(reads) == 2
        assert kept(path).read_bytes() == whole

    def test_what_another_form_kept_is_made_again(self, path, reads):
        document(path)
        _, body = kept(path).read_bytes().split(b"\n", 1)
        digests = [hashlib.sha256(b).hexdigest() for b in (path.read_bytes(), body)]
        kept(path).write_bytes(f"0 {' '.join(digests)}\n".encode() + body)
        document(path)
        assert len(reads) == 2

    @pytest.mark.parametrize("text", ["{1: a}", "{a: 2025-01-31}", "[.nan]"])
    def test_what_json_cannot_hold_is_not_kept(self, path, text):
        path.write_text(text, "utf-8")
        first, second = document(path), document(path)
        assert repr(first) == repr(second)
        assert not kept(path).exists()

    def test_writes_nothing_where_python_may_not(self, path, monkeypatch):
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        assert document(path) == HELD
        assert not kept(path).parent.exists()

    def test_needs_no_place_to_write(self, path):
        kept(path).parent.write_text("no folder")
        assert document(path) == HELD

    def test_follows_pythons_prefix(self, path, tmp_path, monkeypatch):
        monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "elsewhere"))
        document(path)
        assert kept(path).is_relative_to(tmp_path / "elsewhere")
        assert kept(path).exists()

    def test_tells_what_is_not_yaml(self, path):
        path.write_text("a: [", "utf-8")
        with pytest.raises(RuleError, match=r"some\.yaml: not YAML"):
            document(path)

    @pytest.mark.parametrize("name", rules.SHIPPED)
    def test_shipped_files_can_be_kept(self, path, name):
        text = (Path(rules.__file__).parent / name).read_text("utf-8")
        path.write_text(text, "utf-8")
        held = document(path)
        assert json.loads(kept(path).read_bytes().split(b"\n", 1)[1]) == held
