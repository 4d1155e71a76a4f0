"""What cell styles of an ODS file make people see (OpenDocument 1.3 part 3, 16.29)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .number_formats import NumberFormat, Of, read

_KINDS = frozenset({"number", "currency", "percentage", "text"})
_NUMBERS = frozenset({"number:number", "number:scientific-number", "number:fraction"})
_POSITIVE = Of.POSITIVE | Of.ZERO
#: For which cells another style is used; anything else counts as for all.
_CONDITIONS = {
    "value()>0": Of.POSITIVE,
    "value()>=0": _POSITIVE,
    "value()<0": Of.NEGATIVE,
    "value()=0": Of.ZERO,
}


@dataclass
class _Style:
    """A data style, written as a section of a number format."""

    kind: str
    section: str = ""
    scaled: bool = False
    maps: list[tuple[Of, str]] = field(default_factory=list)


class Formats:
    """Collects styles while a document is read, and tells what they do.

    Names are compared with their usual prefix, because calamine does so.
    """

    def __init__(self) -> None:
        self._data: dict[str, _Style] = {}
        self._cells: dict[str, tuple[str, str]] = {}
        self._open: _Style | None = None
        self._text = False
        self._known: dict[str, NumberFormat] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        prefix, _, local = name.partition(":")
        if name == "style:style" and attributes.get("style:family") == "table-cell":
            data, parent = (attributes.get(f"style:{k}-style-name", "") for k in ("data", "parent"))
            self._cells[attributes.get("style:name", "")] = (data, parent)
        elif prefix == "number" and local.endswith("-style"):
            kind = local.removesuffix("-style")
            self._open = _Style(kind)
            self._data[attributes.get("style:name", "")] = self._open
        elif self._open is not None:
            self._part(name, attributes, self._open)

    def _part(self, name: str, attributes: Mapping[str, str], style: _Style) -> None:
        self._text = name in ("number:text", "number:currency-symbol", "number:embedded-text")
        if name == "style:map":
            condition = attributes.get("style:condition", "").replace(" ", "")
            kinds = _CONDITIONS.get(condition, Of.NUMBERS)
            style.maps.append((kinds, attributes.get("style:apply-style-name", "")))
        elif name == "style:text-properties" and "fo:color" in attributes:
            style.section = f"[Color]{style.section}"
        elif name == "number:text-content":
            style.section += "@"
        elif name in _NUMBERS:
            style.section += "0"
            style.scaled |= attributes.get("number:display-factor", "1") not in ("1", "1.0")

    def characters(self, text: str) -> None:
        """Take some text."""
        if self._open is not None and self._text:
            quoted = text.replace('"', "")
            self._open.section += quoted if quoted == "%" else f'"{quoted}"'

    def end(self, name: str) -> None:
        """Take the end of an element."""
        self._text = False
        if name.startswith("number:") and name.endswith("-style"):
            self._open = None

    def of_cell(self, style: str) -> NumberFormat | None:
        """What a cell style does; None where it shows the bare value."""
        if style not in self._known:
            self._known[style] = self._read(style)
        found = self._known[style]
        return found if found.disguised or found.words else None

    def _read(self, style: str) -> NumberFormat:
        seen: set[str] = set()
        data = ""
        while style in self._cells and style not in seen and not data:
            seen.add(style)
            data, style = self._cells[style]
        return self._told(data, Of.NUMBERS | Of.TEXT, 0)

    def _told(self, name: str, kinds: Of, depth: int) -> NumberFormat:
        """What a data style does to the cells that it is used for."""
        style = self._data.get(name)
        if style is None or style.kind not in _KINDS or depth > 4:
            return NumberFormat("")
        disguised = Of.NOTHING
        for condition, other in style.maps:
            disguised |= self._told(other, condition & kinds, depth + 1).disguised
            kinds &= ~condition
        bare = style.kind == "text" or kinds & Of.TEXT == kinds
        code = f";;;{style.section}" if bare else _sections(style.section, kinds)
        own = read(code)
        if style.scaled:
            own = NumberFormat(code, disguised=Of.NUMBERS)
        if style.kind != "text":
            own = NumberFormat(own.code, words=own.words, disguised=own.disguised & ~Of.TEXT)
        return NumberFormat(
            style.section, words=own.words, disguised=disguised | own.disguised & kinds
        )


def _sections(section: str, kinds: Of) -> str:
    """A format code in which the section is for these numbers only."""
    if Of.POSITIVE in kinds:
        return section
    parts = [section if kind in kinds else "0" for kind in (Of.NEGATIVE, Of.ZERO)]
    return ";".join(["0", *parts])
