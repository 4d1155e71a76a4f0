"""The table of transitions (``transitions.yaml``): who may move a publication where."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from ..transitions import State, Table, Transition, Who, table_of

__all__ = ["MEETING", "PRIORITY", "State", "Table", "Transition", "Who", "parsed", "table"]

#: Conditions: the data are priority data that no pembina has approved; the policy asks for the
#: meeting, which has not approved them.
PRIORITY, MEETING = "data prioritas", "kebijakan rapat"


@cache
def table() -> Table:
    """The table, read once."""
    return parsed(Path(__file__).with_name("transitions.yaml").read_text("utf-8"))


def parsed(text: str) -> Table:
    """A table from YAML.

    Raises:
        KeyError: a transition names a state that is not there.
    """
    return table_of(yaml.safe_load(text))
