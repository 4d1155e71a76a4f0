"""Indicators: what the portal's figures measure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from .content import utc_now


class IndicatorRow(tk.BaseModel):
    """An indicator; its meaning is told in :class:`consistency.vocabulary.Indicator`.

    ``dimensions`` is a list of ``{"name", "codelist", "shift", "width"}`` in key order.
    The row is what publishers lock (:func:`store.publications.lock_indicators`).
    """

    __table__ = sa.Table(
        "satudata_indicator",
        tk.BaseModel.metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("code", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("name", sa.UnicodeText, nullable=False),
        sa.Column("name_en", sa.UnicodeText, nullable=False),
        sa.Column("konsep", sa.UnicodeText, nullable=False, index=True),
        sa.Column("definition", sa.UnicodeText, nullable=False),
        sa.Column("definition_en", sa.UnicodeText, nullable=False),
        sa.Column("ukuran", sa.UnicodeText, nullable=False),
        sa.Column("unit", sa.UnicodeText, sa.ForeignKey("satudata_unit.code"), nullable=False),
        sa.Column("dimensions", JSONB, nullable=False, server_default=sa.text("'[]'")),
        sa.Column("abs_tol", sa.Double, nullable=False, server_default=sa.text("0")),
        sa.Column("rel_tol", sa.Double, nullable=False, server_default=sa.text("0")),
        sa.Column("additive", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("producer_org", sa.UnicodeText, index=True),
        sa.Column("standard_code", sa.UnicodeText),
        sa.Column("status", sa.UnicodeText, nullable=False, server_default="active"),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.CheckConstraint("abs_tol >= 0 AND rel_tol >= 0", name="satudata_indicator_tolerance"),
        sa.CheckConstraint("status IN ('active', 'retired')", name="satudata_indicator_status"),
    )

    id: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str]
    konsep: Mapped[str]
    definition: Mapped[str]
    definition_en: Mapped[str]
    ukuran: Mapped[str]
    unit: Mapped[str]
    dimensions: Mapped[list[dict[str, Any]]]
    abs_tol: Mapped[float]
    rel_tol: Mapped[float]
    additive: Mapped[bool]
    producer_org: Mapped[str | None]
    standard_code: Mapped[str | None]
    status: Mapped[str]
    created: Mapped[datetime]
    updated: Mapped[datetime]
