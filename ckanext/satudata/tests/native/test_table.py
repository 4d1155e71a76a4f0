"""The scanner of delimited text, beside the readers that it stands in for."""

from __future__ import annotations

import csv
import io
import re
from typing import cast

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ckanext.satudata.extract import csv_reader, notation, scanned
from ckanext.satudata.extract.limits import DEFAULT_LIMITS
from ckanext.satudata.native import kernel

#: What a reader can stumble over, and little else.
HOSTILE = st.text(alphabet='a1"\r\n;, \t\u00e9\u4e2d.', max_size=60)
TEXT = st.text(alphabet="ab1., \u00e9\u4e2d-", max_size=12)
FIGURE = st.from_regex(r"[+-]?[0-9]{1,4}([.,][0-9]{1,4}){0,4}", fullmatch=True)
#: Figures as most columns have them: a few lengths, separators at the same places.
SHAPED = st.from_regex(r"[1-9][0-9]{0,2}(\.[0-9]{3}){0,4}(,[0-9]{1,3})?", fullmatch=True)
ODD = st.text(alphabet="0123456789.,-+", min_size=1, max_size=18)
#: Pattern of a figure, what is between thousands and what is before decimals.
NOTATIONS = {
    "id": (r"[+-]?([1-9]\d{0,2}(\.\d{3})+|\d+)(,\d+)?", ".", ","),
    "en": (r"[+-]?([1-9]\d{0,2}(,\d{3})+|\d+)(\.\d+)?", ",", "."),
    "plain": (r"[+-]?\d+(\.\d+)?", " ", "."),
}


def scan(text: str) -> scanned.Frame | None:
    """The scanned frame as the reader makes it."""
    # The line by which Excel tells itself the delimiter.
    told = csv_reader._EXCEL_LINE.match(b"sep=;\n")
    table = csv_reader._scanned(text.encode(), told, "tabel.csv", DEFAULT_LIMITS, plain=False)
    return None if table is None else cast(scanned.Frame, table.frame)


def cells(frame: scanned.Frame) -> list[list[str | None]]:
    """All cells by rows."""
    rows = np.arange(frame.height)
    columns = [frame.column(c).texts(rows) for c in range(frame.width)]
    return [list(row) for row in zip(*columns, strict=True)]


class TestScan:
    @settings(deadline=None)
    @given(text=HOSTILE)
    @example(text='a;b\r\n"c;d";e')
    @example(text="a;b\r\n;\r\n")
    @example(text="a;b\nc;d\r")
    @example(text='a;"b"c\n')
    def test_what_is_taken_is_read_as_the_other_readers_read_it(self, text):
        frame = scan(text)
        if frame is None:
            return
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
        assert cells(frame) == [[cell or None for cell in row] for row in rows]
        assert frame.polars.rows() == [tuple(row) for row in cells(frame)]

    @given(
        rows=st.lists(st.tuples(TEXT, TEXT, TEXT).filter(any), min_size=1, max_size=20),
        end=st.sampled_from(["\n", "\r\n"]),
        last=st.booleans(),
        quoted=st.booleans(),
    )
    def test_a_table_in_order_is_taken(self, rows, end, last, quoted):
        lines = [";".join(f'"{c}"' if quoted and c else c for c in row) for row in rows]
        frame = scan(end.join(lines) + (end if last else ""))
        assert frame is not None
        assert cells(frame) == [[cell or None for cell in row] for row in rows]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "a\nb\n",
            "a;b\nc\n",
            "a;b\nc;d;e\n",
            "a;b\n\nc;d\n",
            "a;b\n;\n",
            "a;b\rc;d\r",
            "a;b\nc\r;d\n",
            "a;b\nc;d\r",
            'a;b\n"c;d\n',
            'a;b\n"c""d";e\n',
            'a;b\n"c\nd";e\n',
            'a;b\n"";e\n',
            'a;b\nc"d;e\n',
            'a;b\n"c"d;e\n',
        ],
    )
    def test_what_leaves_a_question_is_left_to_the_general_reader(self, text):
        assert scan(text) is None

    def test_a_file_with_more_cells_than_allowed_is_not_scanned(self):
        limits = DEFAULT_LIMITS.__class__(cells=5)
        assert csv_reader._scanned(b"a;b\nc;d\n", None, "t", limits, plain=True) is not None
        assert csv_reader._scanned(b"a;b\nc;d\ne;f\n", None, "t", limits, plain=True) is None


class TestPlain:
    """What is not ASCII, or NUL, sends a text through the recoding reader first."""

    @pytest.mark.parametrize("odd", ["\0", "\x80", "é", "中"])
    @pytest.mark.parametrize("length", [0, 1, 30, 62, 63, 64, 65, 127, 200])
    @pytest.mark.parametrize("quote", ["", '"'])
    def test_it_is_noticed_wherever_it_stands(self, odd, length, quote):
        for cell in (odd + "a" * length, "a" * length + odd):
            data = f"k;{quote}{cell}{quote}\n{'b' * length};x\n".encode()
            starts = np.empty(5, dtype=np.uint32)
            assert kernel.scan(data, ";", 2, True, starts) == -1
            assert kernel.scan(data, ";", 2, False, starts) == 2

    @pytest.mark.parametrize("length", [1, 31, 60, 61, 62, 200])
    def test_nothing_else_is(self, length):
        starts = np.empty(3, dtype=np.uint32)
        assert kernel.scan(b"a" * length + b";\x7f\x01", ";", 2, True, starts) == 1


class TestRoom:
    def test_later_lines_may_be_shorter_than_the_first(self):
        text = f"{'a' * 1_000};b\n" * 100 + "c;d\n" * 50_000
        frame = scan(text)
        assert frame is not None
        assert frame.height == 50_100
        assert frame.row(50_099) == ("c", "d")


#: Of one length, with the same first and last bytes.
ALIKE = ["61.05.01.2001", "61.05.02.2001", "kecamatan-sintang-1", "kecamatan-binjai--1"]


class TestNumber:
    @given(
        column=st.lists(st.sampled_from(["", "a", "b", "ab", "61.05", *ALIKE]) | TEXT),
        first=st.integers(0, 3),
    )
    def test_each_text_has_one_number(self, column, first):
        frame = scan("".join(f"{text};x\n" for text in [*"hhh", *column]))
        assert frame is not None
        codes, texts, empty = frame.column(0).slice(first).numbered
        shown = [texts[code] if code >= 0 else "" for code in codes]
        assert shown == [*"hhh", *column][first:]
        assert empty == shown.count("")
        assert len(set(texts)) == len(texts)
        assert texts == list(dict.fromkeys(text for text in shown if text))

    def test_many_different_texts(self):
        column = [f"kode-{n * 7919 % 10_007}" for n in range(30_000)]
        frame = scan("".join(f"{text};x\n" for text in column))
        assert frame is not None
        codes, texts, empty = frame.column(0).numbered
        assert [texts[code] for code in codes] == column
        assert (len(texts), empty) == (10_007, 0)

    def test_two_pieces_of_a_column_have_numbers_of_their_own(self):
        frame = scan("a;x\nb;x\nc;x\n")
        assert frame is not None
        found = [(frame.column(0).slice(first).numbered, first) for first in (0, 1, 2)]
        for (codes, texts, _), first in found:
            assert [texts[code] for code in codes] == ["a", "b", "c"][first:]


class TestFigures:
    @settings(deadline=None)
    @given(column=st.lists(st.one_of(FIGURE, TEXT, st.just("")), min_size=1))
    def test_evidence_is_that_of_the_general_reader(self, column):
        frame = scan("".join(f"x;{text}\n" for text in column))
        assert frame is not None
        found = notation.prepare(frame.column(1))
        general = notation.prepare(frame.column(1).series)
        np.testing.assert_array_equal(found.state, general.state)
        assert notation.evidence(found).notation is notation.evidence(general).notation
        if found.found is not None:
            assert found.found == notation._full_evidence(general)

    @settings(deadline=None)
    @given(
        column=st.lists(st.one_of(FIGURE, st.just("")), min_size=1),
        how=st.sampled_from([notation.Notation.ID, notation.Notation.EN, notation.Notation.PLAIN]),
    )
    @example(column=["0.1", "-0", "+7.25", "0.30000000000000004"], how=notation.Notation.EN)
    @example(column=["9007199254740993", "9007199254740992"], how=notation.Notation.PLAIN)
    @example(column=["0." + "0" * 30 + "123", "1." + "9" * 40], how=notation.Notation.EN)
    @example(column=["1" + "0" * 310, "1"], how=notation.Notation.PLAIN)
    @example(column=["0." + "3" * 500, "1"], how=notation.Notation.PLAIN)
    def test_numbers_are_those_of_the_general_reader(self, column, how):
        frame = scan("".join(f"x;{text}\n" for text in column))
        assert frame is not None
        found = notation.to_numbers(frame.column(1), how)
        general = notation.to_numbers(frame.column(1).series, how)
        np.testing.assert_array_equal(found.state, general.state)
        np.testing.assert_array_equal(found.values.view(np.int64), general.values.view(np.int64))
        read = found.state == notation.State.OK
        np.testing.assert_array_equal(found.decimals[read], general.decimals[read])

    @settings(deadline=None)
    @given(
        column=st.lists(SHAPED | ODD, min_size=1, max_size=40),
        how=st.sampled_from(sorted(NOTATIONS)),
    )
    def test_numbers_are_those_that_a_pattern_and_python_read(self, column, how):
        pattern, group, point = NOTATIONS[how]
        frame = scan("".join(f"kode-{n:012d};{text}\n" for n, text in enumerate(column)))
        assert frame is not None
        read = frame.column(1).figures(how)
        if not all(re.fullmatch(pattern, text) for text in column):
            assert read is None
            return
        assert read is not None
        plain = [text.replace(group, "").replace(point, ".") for text in column]
        assert read[0].tolist() == [float(text) for text in plain]
        assert read[1].tolist() == [len(text.partition(".")[2]) for text in plain]

    def test_a_cell_in_the_other_notation_is_left_to_the_general_reader(self):
        frame = scan("x;1.234,5\nx;1,5\n")
        assert frame is not None
        assert frame.column(1).figures("id") is not None
        assert frame.column(1).figures("en") is None
        assert frame.column(1).figures("plain") is None


class TestBuffers:
    """What does not fit is refused, and nothing is read or written beyond it."""

    DATA = b"a;1\nb;2\n"

    @pytest.fixture
    def starts(self) -> np.ndarray:
        starts = np.empty(5, dtype=np.uint32)
        assert kernel.scan(self.DATA, ";", 2, True, starts) == 2
        return starts

    @pytest.mark.parametrize("room", [0, 1, 4])
    def test_starts_are_not_written_beyond_their_room(self, room):
        assert kernel.scan(self.DATA, ";", 2, True, np.empty(room, dtype=np.uint32)) == -2

    @pytest.mark.parametrize(
        ("width", "column", "first"), [(2, 2, 0), (2, -1, 0), (3, 0, 0), (1, 0, 0), (2, 0, 3)]
    )
    def test_no_column_beyond_the_table(self, starts, width, column, first):
        with pytest.raises(ValueError, match="scanned table"):
            kernel.number(self.DATA, starts, width, column, first, np.empty(2, dtype=np.int32))

    def test_no_table_beyond_the_data(self, starts):
        with pytest.raises(ValueError, match="scanned table"):
            kernel.number(self.DATA[:-3], starts, 2, 0, 0, np.empty(2, dtype=np.int32))

    @pytest.mark.parametrize("row", [-1, 2])
    def test_no_row_beyond_the_table(self, starts, row):
        with pytest.raises(IndexError, match="no such row"):
            kernel.texts(self.DATA, starts, 2, 0, 0, np.array([row]))

    def test_results_have_the_size_of_the_column(self, starts):
        place = (self.DATA, starts, 2, 1, 0)
        with pytest.raises(ValueError, match="codes"):
            kernel.number(*place, np.empty(1, dtype=np.int32))
        with pytest.raises(ValueError, match="missing"):
            kernel.evidence(*place, np.empty(3, dtype=np.uint8))
        with pytest.raises(ValueError, match="values"):
            kernel.figures(*place, "p", np.empty(1), np.empty(2, dtype=np.int8))
        with pytest.raises(ValueError, match="decimals"):
            kernel.figures(*place, "p", np.empty(2), np.empty(1, dtype=np.int8))
