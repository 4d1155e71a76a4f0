from __future__ import annotations

import pytest

from ckanext.satudata.consistency.findings import Finding, Location, Outcome, Severity
from ckanext.satudata.consistency.keys import ObjectKey
from ckanext.satudata.consistency.observations import TableRef
from ckanext.satudata.consistency.render import Renderer
from ckanext.satudata.consistency.rules import PLACEHOLDER, RuleSet, parse
from ckanext.satudata.rules import shipped

from .worlds import (
    BOOK,
    CENSUS,
    HOME,
    KECAMATAN,
    NEED,
    PRICE,
    REGISTER,
    agreed,
    candidate,
    cell,
    check,
    entries,
    figures,
    found,
    held_by,
    public,
)

ONE, TWO = KECAMATAN[:2]


def rice(where: str, text: str):
    return cell("2025", where, text, "beras")


def everything():
    """Reports that together hold every rule and variant, with their code books."""
    clash = [rice(ONE, "5120.5"), rice(TWO, "1022")]
    yield (
        check(
            candidate(figures(NEED, [rice(ONE, "1234.5"), rice(TWO, "1022000"), rice(TWO, "7")])),
            public(1, NEED, clash),
            public(2, NEED, clash, by="dagang"),
        ),
        BOOK,
    )
    for holder in ("dkp", "dagang"):
        book = held_by(NEED, holder)
        yield (
            check(
                candidate(figures(NEED, [rice(ONE, "1234.5"), rice(HOME, "5")], within=book)),
                public(1, NEED, clash),
                within=book,
            ),
            book,
        )
    yield (
        check(
            candidate(
                figures(
                    PRICE, [rice(ONE, "1350"), rice(ONE, "1350"), rice(TWO, "2")], tables=[0, 1, 0]
                ),
                figures(
                    REGISTER,
                    [cell("2024", HOME, "448.850"), cell("2024", HOME, "9")],
                    tables=[0, 1],
                ),
                tables=2,
            ),
            public(1, PRICE, [rice(ONE, "13500")]),
            public(2, CENSUS, [cell("2024", HOME, "462990")]),
        ),
        BOOK,
    )
    yield check(candidate(figures(PRICE, [rice(ONE, "7")] * 2))), BOOK
    four = [cell("2020", k, "10", "beras") for k in KECAMATAN]
    total = [cell("2020", HOME, "99", "beras")]
    yield check(candidate(figures(NEED, [*four, *total]))), BOOK
    yield check(candidate(figures(NEED, total)), public(1, NEED, four)), BOOK
    yield check(candidate(figures(NEED, four)), public(1, NEED, total)), BOOK
    yield check(candidate(figures(NEED, four[:3]), coverage=HOME)), BOOK
    yield check(candidate(figures(NEED, four), coverage="xx")), BOOK
    yield agreements(), BOOK


def agreements():
    """A figure against everybody's, one against its party's own, and a pair that may differ."""
    bound = entries(NEED, [cell("2020", KECAMATAN[0], "5", "beras")])
    own = [cell("2020", KECAMATAN[1], "7", "beras"), cell("2020", KECAMATAN[2], "7", "beras")]
    other = [cell("2020", KECAMATAN[2], "9", "beras")]
    both = [*entries(NEED, own, "dagang", "002"), *entries(NEED, other, "dkp", "002")]
    mine = [
        cell("2020", KECAMATAN[0], "5", "beras"),
        cell("2020", KECAMATAN[1], "8", "beras"),
        cell("2020", KECAMATAN[2], "7", "beras"),
        cell("2020", KECAMATAN[0], "6", "beras"),
    ]
    return check(
        candidate(figures(NEED, mine)),
        public(1, NEED, [cell("2020", KECAMATAN[0], "6", "beras"), *other]),
        agreed=agreed(NEED, *bound, *both),
    )


class TestEveryRule:
    def test_no_message_has_a_gap(self):
        seen = set()
        for report, book in everything():
            for lang in ("id", "en"):
                renderer = Renderer(shipped(), book, lang, tables=TABLES)
                for finding in report.findings:
                    text = renderer.render(finding)
                    seen.add((finding.rule, finding.params.get("variant")))
                    for part in (text.title, text.message, text.advice):
                        assert "– " not in part.replace(" – ", " ")
                        assert not PLACEHOLDER.search(part)
                        assert "None" not in part
        expected = {(r.id, v) for r in shipped() if r.id in RULES for v in r.variants or (None,)}
        assert expected <= seen

    def test_the_figures_stand_in_the_message(self):
        report = check(
            candidate(figures(NEED, [rice(ONE, "1234.5")])), public(1, NEED, [rice(ONE, "5120.25")])
        )
        (finding,) = found(report, "nilai-berbeda")
        text = Renderer(shipped(), BOOK, "id").render(finding)
        assert text.message == (
            "Baris 2, kolom C (Nilai): Kebutuhan untuk Beras, Kecamatan Nama 2, 2025 tertulis"
            ' 1.234,5 ton, sedangkan DKP menerbitkan 5.120,25 ton dalam dataset "Judul dataset-1".'
            " Selisihnya 3.885,75 ton, melebihi toleransi 0,05 ton (pembulatan)."
        )
        assert text.severity == "Kesalahan"
        assert text.object == "Beras, Kecamatan Nama 2, 2025"
        english = Renderer(shipped(), BOOK, "en").render(finding)
        assert "is given as 1,234.5 ton, but DKP publishes 5,120.25 ton" in english.message


RULES = {
    "bertentangan-kesepakatan",
    "kesepakatan-keduanya",
    "definisi-lain",
    "kecamatan-tidak-lengkap",
    "kunci-berulang",
    "kunci-ganda",
    "mandat",
    "nilai-berbeda",
    "rekap",
    "satuan-skala",
}
TABLES = (TableRef("a", "satu.csv", None), TableRef("b", "dua.xlsx", "Data"))


class TestWordsOfOutcomes:
    def test_a_stopped_rule_names_itself(self):
        finding = Finding(
            "rekap", 1, Severity.ERROR, Outcome.ERROR, indicator=NEED, params={"detail": "X: y"}
        )
        text = Renderer(shipped(), BOOK, "en").render(finding)
        assert text.message == (
            'Rule "The regions do not add up to the total" stopped with an error while checking'
            " Kebutuhan (X: y)."
        )
        assert text.outcome == "Rule stopped"

    def test_a_rule_that_could_not_be_judged_says_why(self):
        finding = Finding(
            "nilai-berbeda",
            1,
            Severity.ERROR,
            Outcome.NOT_EVALUABLE,
            indicator=NEED,
            params={"variant": "belum-dibaca", "other": "LOK.X"},
        )
        assert "LOK.X" in Renderer(shipped(), BOOK).render(finding).message

    def test_a_rules_own_words_come_first(self):
        finding = Finding(
            "mandat",
            1,
            Severity.ERROR,
            Outcome.NOT_EVALUABLE,
            indicator=NEED,
            params={"variant": "belum-terbit", "objects": 3, "producer": "org-9"},
        )
        text = Renderer(shipped(), BOOK, organizations={"org-9": "Bulog"}).render(finding)
        assert "mandat Bulog, yang belum menerbitkan 3 angka" in text.message


class TestStrangers:
    def test_a_rule_that_is_gone_shows_as_its_id(self):
        text = Renderer(RuleSet("0", {}), BOOK).render(Finding("lama", 1, Severity.WARNING))
        assert (text.title, text.message, text.advice) == ("lama", "lama", "–")

    def test_codes_that_are_gone_show_as_codes(self):
        finding = Finding(
            "tanpa-mandat",
            1,
            Severity.WARNING,
            indicator="LOK.HILANG",
            key=ObjectKey("202X", "99.99", {"barang": "kopi"}),
        )
        text = Renderer(shipped(), BOOK).render(finding)
        assert (text.indicator, text.unit) == ("LOK.HILANG", "–")
        assert text.object == "kopi, 99.99, 202X"

    @pytest.mark.parametrize(
        ("where", "begins"),
        [(Location(0), "stok.xlsx (Lembar1)"), (Location(0, 4, 2), "Baris 4, kolom C")],
    )
    def test_a_file_keeps_its_name_at_the_beginning_of_a_sentence(self, where, begins):
        finding = Finding("tabel-tanpa-isi", 1, Severity.ERROR, location=where)
        table = TableRef(None, "stok.xlsx", "Lembar1")
        text = Renderer(shipped(), BOOK, tables=[table]).render(finding)
        assert text.message.startswith(begins)

    def test_an_unknown_language_reads_indonesian(self):
        text = Renderer(shipped(), BOOK, "fr").render(Finding("rekap", 1, Severity.ERROR))
        assert text.severity == "Kesalahan"

    def test_a_tables_text_is_never_read_as_a_message(self):
        rules = parse(
            "version: '1'\nrules: [{id: a, version: 1, severity: error, title: {id: t, en: t},"
            " message: {id: '{location} {text} {name}', en: x}, advice: {id: x, en: x}}]"
        )
        finding = Finding(
            "a",
            1,
            Severity.ERROR,
            location=Location(0, 1, text="{value}"),
            params={"name": "{text.__class__} {header}"},
        )
        text = Renderer(rules, BOOK).render(finding)
        assert text.message == "Baris 1 {value} {text.__class__} {header}"

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            (1234.5, "1.234,5"),
            (["a", 1000], "a, 1.000"),
            ([], "–"),
            ({"id": "ya", "en": "yes"}, "ya"),
            (True, "True"),
            (None, "–"),
        ],
    )
    def test_params_are_shown_by_their_kind(self, value, shown):
        rules = parse(
            "version: '1'\nrules: [{id: a, version: 1, severity: error, title: {id: t, en: t},"
            " message: {id: '{name}', en: x}, advice: {id: x, en: x}}]"
        )
        finding = Finding("a", 1, Severity.ERROR, params={"name": value})
        assert Renderer(rules, BOOK).render(finding).message == shown
