"""Our immutable data classes behave like Python's."""

from __future__ import annotations

import copy
import pickle
from dataclasses import (
    FrozenInstanceError,
    asdict,
    dataclass,
    field,
    fields,
    is_dataclass,
    replace,
)
from functools import cached_property

import numpy as np
import pytest

from ckanext.satudata.consistency.frozen import frozen


@dataclass(frozen=True)
class Theirs:
    code: str
    size: int = 1
    notes: list[str] = field(default_factory=list, compare=False)
    secret: str = field(default="", repr=False)


@frozen
class Ours:
    code: str
    size: int = 1
    notes: list[str] = field(default_factory=list, compare=False)
    secret: str = field(default="", repr=False)


@frozen(slots=True)
class Narrow:
    code: str
    size: int = 1
    notes: list[str] = field(default_factory=list, compare=False)
    secret: str = field(default="", repr=False)


@frozen
class Checked:
    size: int

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("too small")


@frozen
class Longer(Ours):
    more: int = 0

    def __repr__(self) -> str:
        return "own"

    @cached_property
    def doubled(self) -> int:
        return 2 * self.more


@pytest.fixture(params=[Ours, Narrow], ids=["plain", "slots"])
def cls(request):
    return request.param


class TestConstructor:
    @pytest.mark.parametrize(
        ("given", "named"),
        [
            (("a", 2, ["x"], "s"), {}),
            (("a",), {}),
            ((), {"code": "a"}),
            ((), {"secret": "s", "notes": [], "size": 3, "code": "a"}),
            (("a", 2), {"secret": "s"}),
        ],
    )
    def test_takes_what_a_data_class_takes(self, cls, given, named):
        assert asdict(cls(*given, **named)) == asdict(Theirs(*given, **named))

    @pytest.mark.parametrize(
        ("given", "named"),
        [
            ((), {}),
            ((), {"size": 1}),
            (("a",), {"code": "b"}),
            (("a",), {"other": 1}),
            (("a", 1, [], "s", 5), {}),
            (("a", 1, []), {"other": 1}),
            (("a", 1, []), {"code": "b"}),
            ((), {"code": "a", "size": 1, "notes": [], "other": 1}),
        ],
    )
    def test_refuses_what_a_data_class_refuses(self, cls, given, named):
        for one in (cls, Theirs):
            with pytest.raises(TypeError):
                one(*given, **named)

    def test_makes_each_instance_a_default_of_its_own(self, cls):
        assert cls("a").notes is not cls("a").notes

    def test_looks_at_the_values_afterwards(self):
        assert Checked(0).size == 0
        with pytest.raises(ValueError, match="too small"):
            Checked(-1)

    def test_refuses_fields_that_are_not_given(self):
        with pytest.raises(TypeError, match="in their order"):

            @frozen
            class Strange:
                size: int = field(init=False, default=1)


class TestInstances:
    def test_cannot_be_changed(self, cls):
        one = cls("a")
        with pytest.raises(FrozenInstanceError):
            one.code = "b"
        with pytest.raises(FrozenInstanceError):
            del one.code
        assert one.code == "a"

    def test_are_equal_as_those_of_a_data_class(self, cls):
        for one, other in ((("a", 1), ("a", 1)), (("a", 1), ("a", 2)), (("a",), ("b",))):
            assert (cls(*one) == cls(*other)) == (Theirs(*one) == Theirs(*other))
        assert cls("a", notes=["x"]) == cls("a", notes=["y"])
        assert cls("a", secret="x") != cls("a", secret="y")
        assert cls("a") != Theirs("a")
        assert Longer("a") != Ours("a")

    def test_with_one_field_of_an_array_equal_themselves(self):
        @frozen
        class Held:
            values: np.ndarray

        one = Held(np.arange(3))
        assert one == one

    def test_hash_as_those_of_a_data_class(self, cls):
        assert hash(cls("a", 2, ["x"], "s")) == hash(Theirs("a", 2, ["x"], "s"))
        assert len({cls("a"), cls("a", notes=["x"]), cls("b")}) == 2

    def test_are_shown_as_those_of_a_data_class(self, cls):
        assert repr(cls("a", secret="s")) == repr(Theirs("a")).replace("Theirs", cls.__name__)

    def test_survive_pickling_and_copying(self, cls):
        one = cls("a", 2, ["x"], "s")
        for made in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):  # noqa: S301
            assert made == one
            assert made.notes == ["x"]

    def test_are_data_classes(self, cls):
        one = cls("a")
        assert is_dataclass(cls)
        assert [f.name for f in fields(one)] == [f.name for f in fields(Theirs)]
        assert replace(one, size=5) == cls("a", 5)
        match one:
            case cls(code, size):
                assert (code, size) == ("a", 1)


class TestClasses:
    def test_inherit_fields_and_keep_what_they_define(self):
        one = Longer("a", more=4)
        assert (one.code, one.more, one.doubled) == ("a", 4, 8)
        assert repr(one) == "own"
        with pytest.raises(FrozenInstanceError):
            one.more = 1

    def test_have_no_other_attributes_with_slots(self):
        assert not hasattr(Narrow("a"), "__dict__")
