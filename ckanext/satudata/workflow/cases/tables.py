"""The tables of transitions of cases (``transitions.yaml``), one for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from ..transitions import Table, table_of

#: The state of what a guest has not confirmed by e-mail yet; it has no number.
UNCONFIRMED = "menunggu_konfirmasi"
#: The state in which a registered case begins.
FIRST: Mapping[str, str] = MappingProxyType(
    {"permintaan": "diajukan", "keberatan": "diajukan", "pengaduan": "baru", "aspirasi": "baru"}
)


@cache
def tables() -> Mapping[str, Table]:
    """The tables by kind, read once."""
    text = Path(__file__).with_name("transitions.yaml").read_text("utf-8")
    return MappingProxyType({k: table_of(document) for k, document in yaml.safe_load(text).items()})


def table(kind: str) -> Table:
    """The table of a kind of case.

    Raises:
        KeyError: there is no such kind.
    """
    return tables()[kind]


@cache
def waiting_on(*turns: str) -> frozenset[str]:
    """The states, of any kind, in which it is the turn of one of these parts."""
    return frozenset(
        state.name
        for t in tables().values()
        for state in t.states.values()
        if state.waits_on in turns
    )


@cache
def ending() -> frozenset[str]:
    """The states in which nothing is left to be done."""
    return frozenset(s.name for t in tables().values() for s in t.states.values() if s.ends)
