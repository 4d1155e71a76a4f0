"""The pictures of the guides: each is there, is made from a test's screenshot, and is small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
BROWSER = ROOT / "ckanext" / "satudata" / "tests" / "browser"
GUIDES = ("pemohon.md", "operator.md", "kecamatan.md", "walidata.md")
LARGEST = 120_000
_PICTURE = re.compile(r"!\[([^\]]*)\]\((?:docs/)?images/([\w-]+)\.png\)")


@pytest.fixture(scope="module")
def listed() -> dict[str, dict]:
    """What ``renew.py`` makes, by name."""
    return yaml.safe_load((IMAGES / "pictures.yaml").read_text(encoding="utf-8"))


def test_pages_name_only_pictures_that_are_made(sources, listed):
    named = {name for text in sources.values() for _, name in _PICTURE.findall(text)}
    assert named - set(listed) == set()
    assert set(listed) - named == set(), "pictures that no page shows"


def test_each_picture_is_there_and_small(listed):
    for name in listed:
        assert 0 < (IMAGES / f"{name}.png").stat().st_size < LARGEST, name


def test_no_picture_is_made_by_hand(listed):
    assert {p.stem for p in IMAGES.glob("*.png")} == set(listed)


def test_each_comes_from_a_screenshot_that_a_browser_test_takes(listed):
    tests = "\n".join(p.read_text(encoding="utf-8") for p in BROWSER.glob("*.py"))
    for name, what in listed.items():
        shot, device = what["shot"].rsplit("-", 1)
        assert device in ("desktop", "phone"), name
        assert f'"{shot}"' in tests, name


@pytest.mark.parametrize("guide", GUIDES)
def test_pictures_say_in_words_what_they_show(sources, guide):
    found = _PICTURE.findall(sources[guide])
    assert len(found) >= 4
    assert all(len(words) >= 20 for words, _ in found)
