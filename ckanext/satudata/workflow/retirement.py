"""``indikator-pensiun``: a retired indicator keeps its public figures and takes no new ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ckanext.satudata.consistency.findings import Finding, Location
from ckanext.satudata.consistency.observations import Figures
from ckanext.satudata.consistency.rules import RuleSet
from ckanext.satudata.store import blocks, publications
from ckanext.satudata.types import AnySession

RULE = "indikator-pensiun"


def new_figures(
    session: AnySession, figures: Sequence[Figures], dataset: str | None, rules: RuleSet
) -> list[Finding]:
    """Figures of retired indicators that the dataset did not show before.

    A dataset whose figures were public when the indicator was retired can still be edited,
    and its figures corrected; it cannot grow.

    Args:
        session: whose view of the public figures is used.
        figures: what the dataset would show.
        dataset: id of the dataset, or None for a file that is not saved.
        rules: the rules.

    Returns:
        One finding per indicator, at the first new figure.
    """
    retired = [f for f in figures if f.indicator.retired and len(f)]
    shown = _shown(session, retired, dataset)
    found = []
    for one in retired:
        known = shown.get(one.indicator.id, one.keys[:0])
        rows = np.flatnonzero(~np.isin(one.keys, known))
        if not rows.size:
            continue
        first = rows[np.lexsort((one.row[rows], one.table[rows]))[0]]
        found.append(
            Finding(
                rule=RULE,
                rule_version=rules[RULE].version,
                severity=rules[RULE].severity,
                indicator=one.indicator.code,
                location=Location(
                    int(one.table[first]), int(one.row[first]), int(one.column[first])
                ),
                params={"objects": int(rows.size)},
            )
        )
    return found


def _shown(
    session: AnySession, retired: Sequence[Figures], dataset: str | None
) -> dict[int, np.ndarray]:
    """Keys of the dataset's public figures by number of the indicator."""
    if not retired or dataset is None:
        return {}
    own = [p.id for p in publications.of_dataset(session, dataset)]
    spans = {f.indicator.id: (int(f.keys[0]), int(f.keys[-1])) for f in retired}
    found = blocks.fetch(session, spans, publications.describe(session, own))
    return {n: np.concatenate([p.keys for p in pieces]) for n, pieces in found.items()}
