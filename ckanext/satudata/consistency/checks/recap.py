"""``rekap``: the parts of a region do not add up to the whole.

Asked at every level of the regions, for additive indicators only, and only where the whole
and all its parts (those valid at the end of the period) are known, whether from the
candidate or already public. So it also holds when a kecamatan publishes the last part of a
total that is public, or the kabupaten the total of parts that are.
"""

from __future__ import annotations

import numpy as np

from ..case import Case, Check, Collector
from ..observations import Figures
from ..relations import Mode
from . import sums as adding
from .sums import Axis, Margin

RULE = "rekap"


def recap(case: Case, figures: Figures, out: Collector) -> None:
    """Report wholes that differ from the sum of their parts."""
    if not figures.indicator.additive:
        return
    axis = Axis(case.book.regions.hierarchy)
    tolerance = case.tolerance(figures.indicator, RULE)
    for sums in adding.groups(case, figures, axis, Mode.NON_NULL):
        total = sums.total
        margin = Margin.of(sums, total, tolerance)
        wrong = sums.complete & ~(np.abs(sums.whole.values - total) <= margin.limit)
        failing = np.flatnonzero(wrong)
        out.add(
            RULE,
            int(failing.size),
            (
                adding.describe(
                    case, figures, RULE, sums, i, float(total[i]), margin.applied(i, tolerance)
                )
                for i in failing.tolist()
            ),
        )


CHECKS = (Check(recap, {RULE: adding.OFFERED}),)
