"""The catalogues, and what renews them, for the tests."""

from __future__ import annotations

import importlib.util
import re
import string
from pathlib import Path
from types import ModuleType

from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parents[4]
_PERCENT = re.compile(r"%(?:\((\w+)\))?[#0 +-]*\d*(?:\.\d+)?([a-zA-Z%])")


def renewal() -> ModuleType:
    """What ``./portal messages`` runs."""
    spec = importlib.util.spec_from_file_location("satudata_messages", ROOT / "stack/messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tool = renewal()
CATALOGUES = (tool.OWN, tool.LANGUAGE)


def text(message: Message) -> str:
    """The text of the source, the singular where there are two."""
    return message.id if isinstance(message.id, str) else message.id[0]


def translations(message: Message) -> tuple[str, ...]:
    """Every form of a message's translation."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def words(path: Path) -> dict[str, str]:
    """A catalogue as text of the source -> translation."""
    catalogue: Catalog = tool.read(path, "id")
    return {text(m): translations(m)[0] for m in tool.messages(catalogue)}


def percent_fields(value: str) -> list[tuple[str, str]]:
    """The ``%(name)s`` and ``%s`` of a text, in the order in which they take values.

    Named ones may change places, those without a name may not.
    """
    found = [(m[1] or "", m[2]) for m in _PERCENT.finditer(value)]
    return sorted(f for f in found if f[0]) + [f for f in found if not f[0]]


def brace_fields(value: str) -> list[str]:
    """The ``{name}`` of a text; none where its braces are no format."""
    try:
        parsed = list(string.Formatter().parse(value))
    except ValueError:
        return []
    return sorted(f"{name}!{turned or ''}" for _, name, _, turned in parsed if name is not None)
