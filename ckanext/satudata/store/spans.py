"""Spans of keys as a statement takes them, whatever their number."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY


def wanted_spans() -> sa.TableValuedAlias:
    """A table of the parameters ``ids`` (of indicators), ``low`` and ``high`` (both inclusive)."""
    spans = sa.func.unnest(
        sa.bindparam("ids", type_=ARRAY(sa.Integer)),
        sa.bindparam("low", type_=ARRAY(sa.BigInteger)),
        sa.bindparam("high", type_=ARRAY(sa.BigInteger)),
    )
    return spans.table_valued("indicator", "low", "high", name="span").render_derived()


def inside(row: Any, span: sa.TableValuedAlias) -> sa.ColumnElement[bool]:
    """Whether a row's figures (``indicator_id``, ``key_min``, ``key_max``) overlap a span."""
    return sa.and_(
        row.indicator_id == span.c.indicator,
        row.key_max >= span.c.low,
        row.key_min <= span.c.high,
    )
