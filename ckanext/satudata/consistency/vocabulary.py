"""The nouns of the comparison: codes, code lists, units and indicators.

The words follow SDMX 3.0 (code list, dimension, observation) and the national
statistical data standard (konsep, definisi, ukuran, satuan; Perpres 39/2019 Ps. 4).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from .frozen import frozen
from .hierarchy import Hierarchy
from .patterns import pattern

#: SDMX's code for "all values of this dimension together". It has index 0 in every
#: code list, so a table that lacks a dimension speaks of the total.
TOTAL = "_T"

#: The code list of regions; the only one that every indicator has.
REGION = "wilayah"

_SPACE = pattern(r"[\s_\-/.,;:()\[\]'\"*]+")


#: A konsep named by its code in the national standard says nothing of its words.
_STANDARD = pattern(r"[a-z]{2}\d{5}")
_ASIDE = pattern(r"\([^()]*\)")
#: Words that tell nothing of what is measured.
_EMPTY_WORDS = frozenset(
    {
        *("angka", "banyaknya", "besarnya", "dan", "dari", "data", "di", "jumlah", "kabupaten"),
        *("kecamatan", "menurut", "pada", "per", "tahun", "total", "untuk", "yang"),
    }
)

#: Words of a unit's label that begin with a capital and have no other.
_CAPITALISED = pattern(r"(?<!\w)[A-Z][a-z]+(?![A-Za-z])")
#: Words for which a symbol is official, and symbols that look like words.
_SYMBOLS = {"Hektar": "ha", "Mbps": "Mbps", "Gbps": "Gbps"}


def _in_text(word: str) -> str:
    return _SYMBOLS.get(word, word.lower())


#: Measures (ukuran) whose whole is a mean of its parts.
_MEANS = frozenset(
    {
        *("harga", "kecepatan", "kepadatan", "persentase", "produktivitas", "proporsi"),
        *("rasio", "rata rata", "umur"),
    }
)


def normalise(text: str) -> str:
    """Fold a label so that spellings of one name meet: case, accents, punctuation, spaces."""
    plain = text
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SPACE.sub(" ", plain.casefold()).strip()


def gist(text: str) -> frozenset[str]:
    """What a name speaks of, as a set of folded words: order and filling words aside.

    ``Jumlah penduduk (BPS)`` and ``Data Penduduk Kabupaten`` have one gist. A code of the
    standard has none.
    """
    words = frozenset(normalise(_ASIDE.sub(" ", text)).split()) - _EMPTY_WORDS
    return frozenset() if any(_STANDARD.fullmatch(w) for w in words) else words


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a dimension.

    Attributes:
        code: canonical code, for example ``61.05.01`` (Kemendagri's scheme for regions).
        index: small integer used in packed keys; assigned once, never reused; 0 is the total.
        label: Indonesian name.
        parent: canonical code one level up, or None.
        level: name of the level (``kabupaten``, ``kecamatan``, ``desa``...), or None.
        valid_from: first day on which the code holds, or None for "always".
        valid_to: last day on which the code holds, or None for "still".
    """

    code: str
    index: int
    label: str
    parent: str | None = None
    level: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@frozen
class CodeList:
    """Allowed values of a dimension, with the other spellings and schemes they are known by.

    Attributes:
        name: slug, for example ``wilayah`` or ``komoditas``.
        version: version of the loaded list, shown in findings.
        codes: canonical code -> :class:`Code`.
        schemes: scheme name (``kemendagri``, ``bps``) -> {code in that scheme -> canonical code}.
            A bare number is never taken for another scheme's code without the scheme being
            named: Kemendagri 61.05 is Sintang, BPS 6105 is Sanggau.
        aliases: :func:`normalise`-d other names -> canonical codes having that name.
    """

    name: str
    version: str
    codes: Mapping[str, Code]
    schemes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def get(self, code: str, scheme: str | None = None) -> Code | None:
        """The code's entry, the code being read in ``scheme`` (default: the canonical one)."""
        canonical = self.schemes.get(scheme, {}).get(code) if scheme else code
        return self.codes.get(canonical) if canonical else None

    def named(self, label: str, parent: str | None = None) -> tuple[Code, ...]:
        """All codes with this name (several kecamatan may share one), best first.

        Args:
            label: a name in any case or punctuation.
            parent: keep only codes below this code, at any depth.
        """
        found = (self.codes[c] for c in self._by_label.get(normalise(label), ()))
        return tuple(c for c in found if parent is None or self.is_within(c.code, parent))

    def is_within(self, code: str, ancestor: str) -> bool:
        """Whether ``code`` is ``ancestor`` or lies below it."""
        current: str | None = code
        while current is not None:
            if current == ancestor:
                return True
            entry = self.codes.get(current)
            current = entry.parent if entry else None
        return False

    def children(self, code: str, on: date | None = None) -> tuple[Code, ...]:
        """The codes right below ``code``, in code order; only those valid ``on`` that day."""
        return tuple(
            c
            for c in self._children.get(code, ())
            if on is None
            or (
                (c.valid_from is None or c.valid_from <= on)
                and (c.valid_to is None or on <= c.valid_to)
            )
        )

    def at(self, index: int) -> Code | None:
        """The code with this index in packed keys; None for the total (0) or an unknown index."""
        return self._by_index.get(index)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The tree as arrays over indices, for whole columns of codes at once."""
        return Hierarchy(self.codes.values())

    @cached_property
    def _by_index(self) -> dict[int, Code]:
        return {c.index: c for c in self.codes.values()}

    @cached_property
    def _by_label(self) -> dict[str, tuple[str, ...]]:
        out: dict[str, list[str]] = {}
        for c in self.codes.values():
            out.setdefault(normalise(c.label), []).append(c.code)
        for alias, codes in self.aliases.items():
            out.setdefault(alias, []).extend(c for c in codes if c in self.codes)
        return {k: tuple(dict.fromkeys(v)) for k, v in out.items()}

    @cached_property
    def _children(self) -> dict[str, tuple[Code, ...]]:
        out: dict[str, list[Code]] = {}
        for c in sorted(self.codes.values(), key=lambda c: c.code):
            if c.parent is not None:
                out.setdefault(c.parent, []).append(c)
        return {k: tuple(v) for k, v in out.items()}


@frozen(slots=True)
class Unit:
    """A unit of measure.

    Attributes:
        code: slug, for example ``ton``.
        label: as printed, for example ``Ton``.
        quantity: what it measures (``massa``, ``uang``, ``cacah_orang``...). Only units of
            one quantity convert into each other; a litre of oil is never silently a kilogram.
        factor: how many base units of the quantity one of this unit is; exact.
    """

    code: str
    label: str
    quantity: str
    factor: Decimal

    @property
    def in_text(self) -> str:
        """As written behind a number in running text: ``ton``, ``km²``, ``kuintal/ha``, ``USD/kg``.

        Units are common nouns and symbols (EYD V; SI Brochure 5.3): only acronyms and symbols that
        have capitals of their own keep them.
        """
        return _CAPITALISED.sub(lambda word: _in_text(word[0]), self.label)

    @property
    def counts(self) -> bool:
        """Whether it counts single things; a whole number of them is exact, not rounded.

        Such quantities are called ``cacah_…``; a thousand persons is no single thing.
        """
        return self.quantity.startswith("cacah") and self.factor == 1


@frozen
class Units:
    """All units with their spellings.

    Attributes:
        units: code -> :class:`Unit`.
        aliases: :func:`normalise`-d spelling -> unit code.
    """

    units: Mapping[str, Unit]
    aliases: Mapping[str, str]

    def find(self, text: str) -> Unit | None:
        """The unit a person meant by ``text``, or None."""
        folded = normalise(text)
        code = self.aliases.get(folded, folded)
        return self.units.get(code)

    def ratio(self, source: str, target: str) -> Decimal | None:
        """By what a value in ``source`` is multiplied to be in ``target``; None if impossible."""
        a, b = self.units.get(source), self.units.get(target)
        if a is None or b is None or a.quantity != b.quantity:
            return None
        return a.factor / b.factor

    def of_quantity(self, quantity: str) -> tuple[Unit, ...]:
        """All units measuring ``quantity``, smallest first."""
        return tuple(
            sorted(
                (u for u in self.units.values() if u.quantity == quantity), key=lambda u: u.factor
            )
        )


@frozen(slots=True)
class Dimension:
    """A dimension beyond region and period, with its place in the packed key.

    Attributes:
        name: slug, for example ``komoditas``.
        codelist: name of its code list.
        shift: position of its lowest bit.
        width: number of bits.
    """

    name: str
    codelist: str
    shift: int
    width: int


@frozen
class Indicator:
    """What is measured, at *definition* level.

    Attributes:
        id: number used for locks and blocks.
        code: ``SD00282.01`` (SDSN konsep.definisi), ``SD00893.01-persen`` where one standard has
            several measures, or a local code ``LOK.STOK_PASAR``.
        name: Indonesian name.
        konsep: key of the konsep; indicators that share it look alike without being the same
            object (``SD00282`` for penduduk). Local codes name theirs, for example ``stok beras``.
        definition: one sentence that tells this definition from its siblings.
        ukuran: measure, for example ``jumlah``, ``persentase``, ``rata-rata``.
        unit: code of the unit in which values are stored and compared.
        dimensions: dimensions beyond region and period, in key order.
        abs_tol: absolute tolerance in ``unit``.
        rel_tol: relative tolerance, a fraction.
        additive: whether parts sum to the whole (counts and amounts do; ratios, averages,
            indices and prices do not).
        producer: id of the organization that is its produsen data (Perpres 39/2019
            Ps. 27(3)a), or None while nobody holds the mandate.
        retired: whether it takes no new figures any more; those that are public stay.
    """

    id: int
    code: str
    name: str
    konsep: str
    definition: str
    ukuran: str
    unit: str
    dimensions: tuple[Dimension, ...] = ()
    abs_tol: float = 0.0
    rel_tol: float = 0.0
    additive: bool = False
    producer: str | None = None
    retired: bool = False

    @property
    def is_mean(self) -> bool:
        """Whether a whole is a mean of its parts, by some weight that is not negative."""
        return not self.additive and normalise(self.ukuran) in _MEANS

    def dimension(self, name: str) -> Dimension | None:
        """The dimension called ``name``, or None."""
        return next((d for d in self.dimensions if d.name == name), None)


@frozen
class CodeBook:
    """Everything needed to read a table: code lists, units and indicators, at one version.

    Attributes:
        codelists: name -> code list; always has ``wilayah``.
        units: the units.
        indicators: code -> indicator.
        home: canonical code of the kabupaten whose portal this is, for example ``61.05``.
        version: changes whenever anything in here changes.
        grounds: changes whenever anything but the indicators changes.
    """

    codelists: Mapping[str, CodeList]
    units: Units
    indicators: Mapping[str, Indicator]
    home: str
    version: str = ""
    grounds: str = ""

    @property
    def regions(self) -> CodeList:
        """The code list of regions."""
        return self.codelists[REGION]

    def indicator_by_id(self, number: int) -> Indicator | None:
        """The indicator with this number, or None."""
        return self._by_id.get(number)

    def labels(self, indicator: Indicator, rest: Mapping[str, str]) -> list[str]:
        """Names of a figure's further classifications, without totals.

        Args:
            indicator: of the figure.
            rest: dimension -> code; a code of no list stands for itself.
        """
        out = []
        for name, code in rest.items():
            dimension = indicator.dimension(name)
            codelist = self.codelists.get(dimension.codelist) if dimension else None
            entry = codelist.get(code) if codelist else None
            if code != TOTAL:
                out.append(entry.label if entry else code)
        return out

    def siblings(self, indicator: Indicator) -> Iterable[Indicator]:
        """Other definitions of the same konsep."""
        return (
            i
            for i in self.indicators.values()
            if i.konsep == indicator.konsep and i.id != indicator.id
        )

    def lookalikes(self, indicator: Indicator) -> list[Indicator]:
        """Indicators of another konsep that by konsep or name speak of the same thing."""
        found = {one.id: one for words in _gists(indicator) for one in self._by_gist.get(words, ())}
        return [i for _, i in sorted(found.items()) if i.konsep != indicator.konsep]

    @cached_property
    def _by_gist(self) -> dict[frozenset[str], list[Indicator]]:
        out: dict[frozenset[str], list[Indicator]] = {}
        for one in self.indicators.values():
            for words in _gists(one):
                out.setdefault(words, []).append(one)
        return out

    @cached_property
    def _by_id(self) -> dict[int, Indicator]:
        return {i.id: i for i in self.indicators.values()}


def _gists(indicator: Indicator) -> set[frozenset[str]]:
    return {g for g in (gist(indicator.konsep), gist(indicator.name)) if g}
