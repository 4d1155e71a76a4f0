"""Immutable data classes that cost next to nothing to define.

``dataclasses.dataclass(frozen=True)`` writes six functions for each class, and Python compiles
them while the module is imported: half a millisecond for each class. For all classes that judging
a table needs, that took half as long as reading a million rows. :func:`frozen` gives a class the
same behaviour by functions that all classes share. What it makes is a data class: ``fields``,
``replace``, ``asdict`` and ``match`` work with it.

Shared functions need up to twice as long to make an instance, so the few classes of which there is
one for each cell, code or finding stay with ``dataclass``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Callable[[Any], Any]:
        """What only type checkers read, for a Python that lacks it."""
        return lambda function: function


_Class = TypeVar("_Class", bound=type)
_put = object.__setattr__


class _Shape:
    """What the shared functions know of one class.

    Attributes:
        names: its fields in their order.
        known: the same as a set.
        defaults: field -> value where none is given.
        factories: field -> what makes the value where none is given.
        completed: whether the class has a ``__post_init__``.
        shown: fields of its text.
        values: takes the fields that are compared out of an instance.
        hashed: takes those that are hashed.
    """

    __slots__ = (
        "completed",
        "defaults",
        "factories",
        "hashed",
        "known",
        "names",
        "shown",
        "values",
    )

    def __init__(self, cls: type) -> None:
        own = fields(cls)
        if any(f.kw_only or not f.init for f in own):
            raise TypeError(f"{cls.__name__}: fields are given to the constructor, in their order")
        self.names = tuple(f.name for f in own)
        self.known = frozenset(self.names)
        self.defaults = {f.name: f.default for f in own if f.default is not MISSING}
        self.factories = {
            f.name: f.default_factory for f in own if f.default_factory is not MISSING
        }
        self.completed = hasattr(cls, "__post_init__")
        self.shown = tuple(f.name for f in own if f.repr)
        self.values = _values([f.name for f in own if f.compare])
        self.hashed = _values([f.name for f in own if (f.compare if f.hash is None else f.hash)])

    def given(
        self, cls: type, positional: tuple[Any, ...], named: dict[str, Any]
    ) -> dict[str, Any]:
        """The values of all fields.

        Raises:
            TypeError: one is missing, unknown, or there twice.
        """
        if len(positional) > len(self.names):
            count = f"{len(self.names)} values but {len(positional)} were given"
            raise TypeError(f"{cls.__name__}() takes {count}")
        found = dict(zip(self.names, positional))  # noqa: B905, fewer may be given
        twice = found.keys() & named.keys()
        found.update(named)
        unknown = found.keys() - self.known
        if twice or unknown:
            what = "values twice: " if twice else "unknown fields: "
            raise TypeError(f"{cls.__name__}() got {what}{', '.join(sorted(twice or unknown))}")
        missing = []
        for name in self.names:
            if name in found:
                continue
            if name in self.defaults:
                found[name] = self.defaults[name]
            elif name in self.factories:
                found[name] = self.factories[name]()
            else:
                missing.append(name)
        if missing:
            raise TypeError(f"{cls.__name__}() lacks {', '.join(missing)}")
        return found


def _values(names: list[str]) -> Callable[[Any], Any]:
    """What takes the fields that count out of an instance."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda instance: tuple(getattr(instance, name) for name in names)


def _init(self: Any, *given: Any, **named: Any) -> None:
    shape: _Shape = self.__shape__
    state = self.__dict__
    state.update(zip(shape.names, given))  # noqa: B905, checked by the next lines
    state.update(named)
    if len(given) + len(named) != len(shape.names) or state.keys() != shape.known:
        state.update(shape.given(type(self), given, named))
    if shape.completed:
        self.__post_init__()


def _init_slots(self: Any, *given: Any, **named: Any) -> None:
    shape: _Shape = self.__shape__
    if not named and len(given) == len(shape.names):
        named = dict(zip(shape.names, given))  # noqa: B905, as many as there are names
    elif given or named.keys() != shape.known:
        named = shape.given(type(self), given, named)
    for name, value in named.items():
        _put(self, name, value)
    if shape.completed:
        self.__post_init__()


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__shape__.shown)
    return f"{type(self).__qualname__}({shown})"


def _eq(self: Any, other: object) -> bool:
    if type(other) is not type(self):
        return NotImplemented
    values = self.__shape__.values
    return values(self) == values(other)


def _hash(self: Any) -> int:
    return hash(self.__shape__.hashed(self))


def _setattr(self: Any, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__shape__.names]


def _setstate(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__shape__.names, state, strict=True):
        _put(self, name, value)


_SHARED = {
    "__repr__": _repr,
    "__eq__": _eq,
    "__hash__": _hash,
    "__setattr__": _setattr,
    "__delattr__": _delattr,
}
_SHARED_WITH_SLOTS = {
    **_SHARED,
    "__init__": _init_slots,
    "__getstate__": _getstate,
    "__setstate__": _setstate,
}
_SHARED_WITHOUT = {**_SHARED, "__init__": _init}


@overload
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: _Class, /) -> _Class: ...


@overload
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(*, slots: bool = False) -> Callable[[_Class], _Class]: ...


def frozen(cls: Any = None, /, *, slots: bool = False) -> Any:
    """Make a class an immutable data class, as ``dataclass(frozen=True)`` does.

    What the class defines itself stays. All fields are given to the constructor, in their order or
    by name.

    Args:
        cls: the class.
        slots: as for ``dataclass``: an instance needs less memory, and has no other attributes.
    """
    if cls is None:
        return lambda decorated: _made(decorated, slots)
    return _made(cls, slots)


def _made(cls: Any, slots: bool) -> Any:
    own = set(vars(cls))
    made: Any = dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
    made.__shape__ = _Shape(made)
    for name, function in (_SHARED_WITH_SLOTS if slots else _SHARED_WITHOUT).items():
        if name not in own:
            setattr(made, name, function)
    return made
