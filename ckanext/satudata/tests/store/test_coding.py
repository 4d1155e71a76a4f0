from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.consistency.keys import PERIOD_SHIFT, rest_of
from ckanext.satudata.store import coding

SMALL = st.integers(0, 3)
#: Periods, and what stands below them; few of each, so that they repeat as in real tables.
PLACES = st.tuples(st.integers(0, 40), st.sampled_from([0, 1, 1 << 26, 5 << 26, (7 << 26) + 9]))
NUMBERS = st.one_of(
    st.integers(-(2**33), 2**33).map(float),
    st.integers(-(10**6), 10**6).map(lambda n: n / 100),
    st.floats(allow_nan=False, allow_infinity=False),
)


def key(period: int, below: int) -> int:
    return (period << PERIOD_SHIFT) | below


def columns(keys, values, decimals, status):
    return (
        np.array(keys, dtype=np.int64),
        np.array(values, dtype=np.float64),
        np.array(decimals, dtype=np.int8),
        np.array(status, dtype=np.uint8),
    )


def back(encoded, n: int):
    out = columns([0] * n, [0.0] * n, [0] * n, [0] * n)
    assert coding.decode([memoryview(e) for e in encoded], n, out) == n
    return out


def grid(periods: int, below: int):
    keys = [key(p, b << 26) for p in range(periods) for b in range(1, below + 1)]
    return columns(keys, [1.25] * len(keys), [2] * len(keys), [0] * len(keys))


class TestRoundTrip:
    @given(
        places=st.lists(PLACES, min_size=1, max_size=60, unique=True).map(sorted),
        data=st.data(),
    )
    def test_what_goes_in_comes_out_bit_for_bit(self, places, data):
        n = len(places)
        written = columns(
            [key(*p) for p in places],
            data.draw(st.lists(NUMBERS, min_size=n, max_size=n)),
            data.draw(st.lists(st.integers(-128, 127), min_size=n, max_size=n)),
            data.draw(st.lists(SMALL, min_size=n, max_size=n)),
        )
        for one, other in zip(back(coding.encode(*written), n), written, strict=True):
            assert one.tobytes() == other.tobytes()

    @pytest.mark.parametrize("n", [1, 2, 50])
    @pytest.mark.parametrize("value", [0.0, -0.0, 0.1, 2.0**31, -(2.0**31), 2.0**31 - 1, 5e-324])
    def test_numbers_at_the_edges(self, n, value):
        written = columns([key(p, 0) for p in range(n)], [value] * n, [0] * n, [3] * n)
        assert back(coding.encode(*written), n)[1].tobytes() == written[1].tobytes()

    def test_a_dictionary_that_no_single_period_has(self):
        keys = [key(p, (b + p % 2) << 26) for p in range(40) for b in range(6)]
        n = len(keys)
        written = columns(keys, [1.0] * n, [0] * n, [0] * n)
        encoded = coding.encode(*written)
        assert len(encoded[0]) < 8 * n
        np.testing.assert_array_equal(back(encoded, n)[0], written[0])


class TestWidth:
    def test_a_usual_table_takes_six_bytes_a_figure(self):
        written = grid(periods=60, below=500)
        keys, values, decimals, status = coding.encode(*written)
        n = 60 * 500
        assert len(keys) < 2.2 * n
        assert (len(values), len(decimals), len(status)) == (4 * n, 1, 1)

    def test_what_no_integer_holds_stays_as_it_is(self):
        keys, _, decimals, status = grid(2, 2)
        values = np.array([1 / 3, 0.5, 1e12, 2.0])
        assert coding.encode(keys, values, decimals, status)[1] == values.tobytes()

    def test_keys_of_one_period_stay_as_they_are(self):
        written = grid(periods=1, below=300)
        assert coding.encode(*written)[0] == written[0].tobytes()


class TestRests:
    @pytest.mark.parametrize("periods", [1, 30], ids=["plain", "dictionary"])
    def test_names_each_classification_once(self, periods):
        keys = np.array(
            sorted(key(p, (r << 26) | c) for p in range(periods) for r in (1, 2) for c in (0, 7, 9))
        )
        zeros = np.zeros(keys.size)
        encoded = coding.encode(keys, zeros, zeros.astype(np.int8), zeros.astype(np.uint8))
        assert coding.rests(keys, encoded[0]) == [0, 7, 9]

    def test_too_many_are_not_named(self):
        keys = np.arange(coding.MOST_RESTS + 1, dtype=np.int64)
        assert coding.rests(keys, keys.tobytes()) is None
        assert coding.rests(keys[1:], keys[1:].tobytes()) == rest_of(keys[1:]).tolist()


class TestWanted:
    @given(
        places=st.lists(PLACES, min_size=1, max_size=60, unique=True).map(sorted),
        wanted=st.sets(st.sampled_from([0, 1, 9, 77])).map(sorted),
        start=st.integers(0, 3),
    )
    def test_other_classifications_are_left_out(self, places, wanted, start):
        n = len(places)
        keys, *rest = columns([key(*p) for p in places], range(n), [0] * n, [0] * n)
        encoded = [memoryview(e) for e in coding.encode(keys, *rest)]
        out = columns([-1] * (n + 3), [0.0] * (n + 3), [0] * (n + 3), [0] * (n + 3))
        end = coding.decode(encoded, n, out, start, np.array(wanted, dtype=np.int64))
        mine = np.isin(rest_of(keys), wanted)
        assert out[0][start:end].tolist() == keys[mine].tolist()
        assert out[1][start:end].tolist() == rest[0][mine].tolist()
        assert set(out[0][:start].tolist()) <= {-1}


class TestDamage:
    """Bytes from elsewhere are refused, and nothing is read beyond them."""

    @given(data=st.data())
    def test_whatever_the_bytes(self, data):
        n = data.draw(st.integers(1, 40))
        keys = [key(p, (b + p % 2) << 26) for p in range(8) for b in range(5)][:n]
        encoded = list(coding.encode(*columns(keys, [0.5] * n, [1] * n, [0] * n)))
        which = data.draw(st.integers(0, 3))
        field = bytearray(encoded[which])
        for at, byte in data.draw(
            st.lists(st.tuples(st.integers(0, len(field) - 1), st.integers(0, 255)), max_size=4)
        ):
            field[at] = byte
        encoded[which] = bytes(field[: data.draw(st.integers(0, len(field)))])
        out = columns([0] * n, [0.0] * n, [0] * n, [0] * n)
        with suppress(ValueError):
            assert coding.decode([memoryview(e) for e in encoded], n, out) <= n

    def test_more_figures_than_there_is_room_for(self):
        written = grid(periods=3, below=4)
        encoded = [memoryview(e) for e in coding.encode(*written)]
        with pytest.raises(ValueError, match="damaged"):
            coding.decode(encoded, 12, grid(periods=3, below=4), start=1)
