"""Blocks: what goes in comes out, and the view shows the same figures to psql."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency import keys as keys_
from ckanext.satudata.consistency import period
from ckanext.satudata.consistency.observations import Publication
from ckanext.satudata.store import blocks

INDICATOR = 2_000_000_001


def arrays(n: int, seed: int = 1) -> blocks.Arrays:
    rng = np.random.default_rng(seed)
    return blocks.Arrays(
        np.sort(rng.choice(1 << 40, n, replace=False).astype(np.int64)),
        rng.normal(0, 1e9, n),
        rng.integers(-6, 9, n).astype(np.int8),
        rng.integers(0, 4, n).astype(np.uint8),
    )


def described(*numbers: int) -> dict[int, Publication]:
    return {n: Publication(n, "d", "d", "D", "o", "O", "r", "R") for n in numbers}


def copied(session, *publications: int) -> bytes:
    """What PostgreSQL sends of these publications."""
    cursor = session.connection().connection.cursor()
    wanted = ([INDICATOR], [0], [1 << 62], [True], list(publications), [], [])
    buffer = io.BytesIO()
    cursor.copy_expert(cursor.mogrify(blocks._READ, wanted).decode(), buffer)
    return buffer.getvalue()


@pytest.fixture
def session(portal):
    yield model.Session
    model.Session.rollback()


class TestRoundTrip:
    @pytest.mark.parametrize("n", [1, blocks.PART, blocks.PART + 1, 3 * blocks.PART - 1])
    def test_figures_come_back_as_written(self, session, n):
        written = arrays(n)
        blocks.write(session, -1, INDICATOR, written)
        found = blocks.fetch(session, {INDICATOR: (0, 1 << 62)}, described(-1))
        (got,) = found[INDICATOR]
        for name in ("keys", "values", "decimals", "status"):
            np.testing.assert_array_equal(getattr(got, name), getattr(written, name))

    def test_only_parts_that_meet_the_span_are_read(self, session):
        written = arrays(3 * blocks.PART)
        blocks.write(session, -1, INDICATOR, written)
        middle = int(written.keys[blocks.PART + 5])
        (got,) = blocks.fetch(session, {INDICATOR: (middle, middle)}, described(-1))[INDICATOR]
        np.testing.assert_array_equal(got.keys, written.keys[blocks.PART : 2 * blocks.PART])

    def test_publications_not_asked_for_stay_out(self, session):
        blocks.write(session, -1, INDICATOR, arrays(10, 1))
        blocks.write(session, -2, INDICATOR, arrays(10, 2))
        found = blocks.fetch(session, {INDICATOR: (0, 1 << 62)}, described(-2))
        assert [p.publication.id for p in found[INDICATOR]] == [-2]

    def test_only_parts_with_wanted_classifications_are_read(self, session):
        beras, gula = (np.arange(0, 9 << 26, 1 << 26) + rest for rest in (3, 5))
        for number, keys in ((-1, beras), (-2, gula), (-3, np.sort([*beras, *gula]))):
            blank = arrays(len(keys))
            blocks.write(session, number, INDICATOR, replace(blank, keys=keys))

        def read(rests):
            spans = {INDICATOR: (0, 1 << 62)}
            found = blocks.fetch(session, spans, described(-1, -2, -3), rests)
            return {p.publication.id: p.keys.tolist() for p in found.get(INDICATOR, [])}

        assert read({INDICATOR: [4, 5]}) == {-2: gula.tolist(), -3: gula.tolist()}
        assert read({INDICATOR: []}) == {}
        assert set(read({INDICATOR + 1: [5]})) == {-1, -2, -3}

    def test_parts_that_name_no_classification_are_always_read(self, session):
        many = arrays(200)
        blocks.write(session, -1, INDICATOR, replace(many, keys=np.arange(200)))
        spans = {INDICATOR: (0, 1 << 62)}
        (found,) = blocks.fetch(session, spans, described(-1), {INDICATOR: [150, 999]})[INDICATOR]
        assert found.keys.tolist() == [150]
        assert found.values.tolist() == many.values[150:151].tolist()
        assert blocks.fetch(session, spans, described(-1), {INDICATOR: [999]}) == {}

    def test_nothing_asked_gives_nothing(self, session):
        assert blocks.fetch(session, {}, described(-1)) == {}
        assert blocks.fetch(session, {INDICATOR: (0, 1)}, {}) == {}

    def test_a_rollback_takes_figures_back(self, session):
        blocks.write(session, -1, INDICATOR, arrays(10))
        session.rollback()
        assert blocks.fetch(session, {INDICATOR: (0, 1 << 62)}, described(-1)) == {}


class TestReceiving:
    """The driver hands over what PostgreSQL sends in pieces of its own choice."""

    @pytest.fixture
    def sent(self, session) -> bytes:
        blocks.write(session, -1, INDICATOR, arrays(blocks.PART + 7, 1))
        blocks.write(session, -2, INDICATOR, arrays(5, 2))
        return copied(session, -2, -1)

    @pytest.mark.parametrize("size", [100_003, 1 << 30])
    def test_pieces_of_any_size_are_put_together(self, sent, size):
        receiver = blocks._Receiver()
        for start in range(0, len(sent), size):
            receiver.write(sent[start : start + size])
        found = receiver.finished()
        assert {publication for _, publication in found} == {-1, -2}
        for (_, publication), columns in found.items():
            written = arrays(5, 2) if publication == -2 else arrays(blocks.PART + 7, 1)
            np.testing.assert_array_equal(columns[0], written.keys)
            np.testing.assert_array_equal(columns[1], written.values)

    def test_small_pieces_are_put_together(self, session):
        blocks.write(session, -2, INDICATOR, arrays(5, 2))
        receiver = blocks._Receiver()
        for byte in copied(session, -2):
            receiver.write(bytes([byte]))
        ((keys, *_),) = receiver.finished().values()
        np.testing.assert_array_equal(keys, arrays(5, 2).keys)

    @pytest.mark.parametrize("kept", [0, 30, 0.4, 0.999])
    def test_an_early_end_is_no_answer(self, sent, kept):
        receiver = blocks._Receiver()
        receiver.write(sent[: int(kept * len(sent)) if kept < 1 else kept])
        with pytest.raises(EOFError):
            receiver.finished()


class TestChecksum:
    @pytest.mark.parametrize("field", ["keys", "values", "decimals", "status"])
    def test_changes_with_every_column(self, field):
        before = arrays(10)
        columns = {n: getattr(before, n).copy() for n in ("keys", "values", "decimals", "status")}
        columns[field][3] += 1
        assert blocks.Arrays(**columns).checksum() != before.checksum()
        assert arrays(10).checksum() == before.checksum()


class TestDecodingInTheDatabase:
    """``satudata_figures`` and ``satudata_period`` decode in SQL what numpy packed."""

    @staticmethod
    def decoded(session, written: blocks.Arrays) -> None:
        blocks.write(session, -1, INDICATOR, written)
        rows = session.execute(
            sa.text(
                "SELECT f.* FROM satudata_block b, satudata_figures("
                "b.keys, b.vals, b.decimals, b.status, b.size) f WHERE b.publication_id = -1"
                " ORDER BY b.part, f.key"
            )
        ).all()
        np.testing.assert_array_equal([r.key for r in rows], written.keys)
        np.testing.assert_array_equal([r.value for r in rows], written.values)
        np.testing.assert_array_equal([r.digits for r in rows], written.decimals)
        np.testing.assert_array_equal([r.state for r in rows], written.status)

    @pytest.mark.parametrize("decimals", [[2], [0, 1, 2], [-3]], ids=["one", "several", "tens"])
    def test_narrow_blocks_are_read_the_same(self, session, decimals):
        """A table of 7 places over 30 periods, one of them without its last place."""
        places = [(p << keys_.PERIOD_SHIFT) | (b << 26) for p in range(30) for b in range(7)]
        keys = np.delete(np.array(places), 100)
        n = len(keys)
        digits = np.resize(decimals, n).astype(np.int8)
        whole = np.random.default_rng(1).integers(-(10**6), 10**6, n)
        self.decoded(
            session,
            blocks.Arrays(keys, whole / 10.0 ** digits.clip(0), digits, np.zeros(n, np.uint8)),
        )

    def test_values_are_bit_for_bit_the_same(self, session):
        values = np.array(
            [0.0, 1.5, -1.5, 0.1, 1 / 3, 9e15, -9e15, 5e-324, 1.7e308, 123456.7, 448850.0]
        )
        n = len(values)
        written = blocks.Arrays(
            np.arange(n, dtype=np.int64) << 40,
            values,
            np.arange(-5, n - 5, dtype=np.int8),
            np.arange(n).astype(np.uint8) % 4,
        )
        self.decoded(session, written)

    @pytest.mark.parametrize(
        "text",
        [
            "2025",
            "2025-S1",
            "2025-S2",
            "2025-Q1",
            "2025-Q4",
            "2025-01",
            "2025-12",
            "2020-W53",
            "2026-W01",
            "2025-02-28",
            "2024/2025",
            "1900",
            "2258",
        ],
    )
    def test_periods_read_the_same(self, session, text):
        key = (period.parse(text).packed << keys_.PERIOD_SHIFT) | 12345
        assert session.scalar(sa.text("SELECT satudata_period(:k)"), {"k": key}) == text
