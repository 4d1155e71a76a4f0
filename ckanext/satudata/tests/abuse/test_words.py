"""Nothing that people write runs, loads or looks like the page itself."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from ckanext.satudata.abuse.words import rendered

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://pelacak.example/dibaca.png)",
    '![x](x"onerror="alert(1))',
    "[klik](javascript:alert(1))",
    "[klik](JaVaScRiPt:alert(1))",
    "[klik](java\nscript:alert(1))",
    "[klik](&#106;avascript:alert(1))",
    "[klik](data:text/html;base64,PHNjcmlwdD4=)",
    "[klik](vbscript:msgbox)",
    "<javascript:alert(1)>",
    "<a href='https://a.example' onclick='alert(1)' style='position:fixed'>klik</a>",
    "<svg/onload=alert(1)>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=/user/delete><button>klik</button></form>",
    "<style>*{display:none}</style>",
    "<base href='https://jahat.example/'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "# Judul besar",
    "tag:x dataset:<script>alert(1)</script>",
    "`<script>alert(1)</script>`",
]
TAGS = {"p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a"}


@pytest.fixture(autouse=True)
def _portal(portal: None, test_request_context: None) -> None:
    """CKAN's helpers are asked."""


def harmless(text: str) -> None:
    page = BeautifulSoup(rendered(text), "html.parser")
    for tag in page.find_all(True):
        assert tag.name in TAGS
        assert set(tag.attrs) <= ({"href", "rel"} if tag.name == "a" else set())
        address = str(tag.get("href", "https:"))
        assert re.match(r"(https?|mailto):|[^:]*$", re.sub(r"\s", "", address))


class TestWords:
    @pytest.mark.parametrize("text", ATTACKS)
    def test_attacks_do_nothing(self, text: str) -> None:
        harmless(text)

    @settings(max_examples=40)
    @given(st.lists(st.sampled_from([*ATTACKS, "<", ">", '"', "'", "&", "\n", " ", "](", "a"])))
    def test_nor_do_mixtures_of_them(self, parts: list[str]) -> None:
        harmless("".join(parts))

    def test_what_people_need_is_left(self) -> None:
        made = rendered("Jalan **rusak**:\n\n* satu\n* dua\n\nLihat [peta](https://a.example/x).")
        assert "<strong>rusak</strong>" in made
        assert made.count("<li>") == 2
        assert 'href="https://a.example/x"' in made
        assert "nofollow" in made

    def test_it_is_shown_as_written_only_once(self) -> None:
        assert isinstance(rendered("a < b & c"), Markup)
        assert "a &lt; b &amp; c" in rendered("a < b & c")

    def test_nothing_is_nothing(self) -> None:
        assert rendered(None) == rendered("") == ""
