"""Figures that were public once: revised, or taken out."""

from __future__ import annotations

from datetime import datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.orm import Mapped

#: Why figures are no longer public: another value took their place, or nothing did.
REVISED, WITHDRAWN = "revised", "withdrawn"


class FormerFigures(tk.BaseModel):
    """Figures of one publication that stopped being public at one moment; never changed.

    ``keys``, ``vals``, ``decimals`` and ``status`` are little-endian arrays in key order.
    """

    __table__ = sa.Table(
        "satudata_former_figures",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("organization_id", sa.UnicodeText, nullable=False),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("resource_id", sa.UnicodeText, nullable=False),
        sa.Column("indicator_id", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("key_min", sa.BigInteger, nullable=False),
        sa.Column("key_max", sa.BigInteger, nullable=False),
        sa.Column("keys", sa.LargeBinary, nullable=False),
        sa.Column("vals", sa.LargeBinary, nullable=False),
        sa.Column("decimals", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.LargeBinary, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.UnicodeText),
        sa.Column("reason", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("report_id", sa.UnicodeText),
        sa.Index(
            "satudata_former_figures_span_idx",
            "indicator_id",
            "organization_id",
            "key_min",
            "key_max",
        ),
        sa.CheckConstraint("kind IN ('revised', 'withdrawn')", name="satudata_former_figures_kind"),
    )

    id: Mapped[int]
    kind: Mapped[str]
    organization_id: Mapped[str]
    dataset_id: Mapped[str]
    resource_id: Mapped[str]
    indicator_id: Mapped[int]
    size: Mapped[int]
    key_min: Mapped[int]
    key_max: Mapped[int]
    keys: Mapped[bytes]
    vals: Mapped[bytes]
    decimals: Mapped[bytes]
    status: Mapped[bytes]
    published_at: Mapped[datetime]
    replaced_at: Mapped[datetime]
    replaced_by: Mapped[str | None]
    reason: Mapped[str]
    report_id: Mapped[str | None]
