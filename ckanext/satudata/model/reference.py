"""Reference data: versions, code lists, units and statistical standards."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped

from .content import utc_now


class ReferenceVersion(tk.BaseModel):
    """One loaded version of one reference, for example ``wilayah`` 2025.1; never deleted."""

    __table__ = sa.Table(
        "satudata_reference_version",
        tk.BaseModel.metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.UnicodeText, nullable=False),
        sa.Column("version", sa.UnicodeText, nullable=False),
        sa.Column("sha256", sa.UnicodeText, nullable=False),
        sa.Column("source", sa.UnicodeText, nullable=False),
        sa.Column("effective_from", sa.Date, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.UniqueConstraint("name", "version"),
    )

    id: Mapped[int]
    name: Mapped[str]
    version: Mapped[str]
    sha256: Mapped[str]
    source: Mapped[str]
    effective_from: Mapped[date]
    rows: Mapped[int]
    loaded_at: Mapped[datetime]


class CodeListRow(tk.BaseModel):
    """A code list and the version it stands at."""

    __table__ = sa.Table(
        "satudata_codelist",
        tk.BaseModel.metadata,
        sa.Column("name", sa.UnicodeText, primary_key=True),
        sa.Column("label", sa.UnicodeText, nullable=False),
        sa.Column("label_en", sa.UnicodeText, nullable=False),
        sa.Column("canonical_scheme", sa.UnicodeText),
        sa.Column(
            "version_id",
            sa.Integer,
            sa.ForeignKey("satudata_reference_version.id"),
            nullable=False,
        ),
    )

    name: Mapped[str]
    label: Mapped[str]
    label_en: Mapped[str]
    canonical_scheme: Mapped[str | None]
    version_id: Mapped[int]


class CodeRow(tk.BaseModel):
    """One code. ``idx`` is part of stored keys: given once, never changed, never reused."""

    __table__ = sa.Table(
        "satudata_code",
        tk.BaseModel.metadata,
        sa.Column(
            "codelist", sa.UnicodeText, sa.ForeignKey("satudata_codelist.name"), primary_key=True
        ),
        sa.Column("code", sa.UnicodeText, primary_key=True),
        sa.Column("idx", sa.Integer, nullable=False),
        sa.Column("label", sa.UnicodeText, nullable=False),
        sa.Column("label_en", sa.UnicodeText),
        sa.Column("parent", sa.UnicodeText),
        sa.Column("level", sa.UnicodeText),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
        sa.Column("legal_basis", sa.UnicodeText),
        sa.Column("attributes", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.UniqueConstraint("codelist", "idx"),
        sa.CheckConstraint("idx > 0", name="satudata_code_idx_positive"),
        sa.ForeignKeyConstraint(
            ["codelist", "parent"],
            ["satudata_code.codelist", "satudata_code.code"],
            name="satudata_code_parent_fkey",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    codelist: Mapped[str]
    code: Mapped[str]
    idx: Mapped[int]
    label: Mapped[str]
    label_en: Mapped[str | None]
    parent: Mapped[str | None]
    level: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    legal_basis: Mapped[str | None]
    attributes: Mapped[dict[str, Any]]


def _code_key() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["codelist", "canonical"], ["satudata_code.codelist", "satudata_code.code"]
    )


class CodeSchemeRow(tk.BaseModel):
    """What a code is called in another scheme, for example BPS 6107 for Kemendagri 61.05."""

    __table__ = sa.Table(
        "satudata_code_scheme",
        tk.BaseModel.metadata,
        sa.Column("codelist", sa.UnicodeText, primary_key=True),
        sa.Column("scheme", sa.UnicodeText, primary_key=True),
        sa.Column("code", sa.UnicodeText, primary_key=True),
        sa.Column("canonical", sa.UnicodeText, primary_key=True),
        _code_key(),
    )

    codelist: Mapped[str]
    scheme: Mapped[str]
    code: Mapped[str]
    canonical: Mapped[str]


class CodeAliasRow(tk.BaseModel):
    """Another spelling of a code's name, folded by :func:`vocabulary.normalise`."""

    __table__ = sa.Table(
        "satudata_code_alias",
        tk.BaseModel.metadata,
        sa.Column("codelist", sa.UnicodeText, primary_key=True),
        sa.Column("alias", sa.UnicodeText, primary_key=True),
        sa.Column("canonical", sa.UnicodeText, primary_key=True),
        _code_key(),
    )

    codelist: Mapped[str]
    alias: Mapped[str]
    canonical: Mapped[str]


class UnitRow(tk.BaseModel):
    """A unit. Quantity and factor never change: stored figures were converted with them."""

    __table__ = sa.Table(
        "satudata_unit",
        tk.BaseModel.metadata,
        sa.Column("code", sa.UnicodeText, primary_key=True),
        sa.Column("label", sa.UnicodeText, nullable=False),
        sa.Column("label_en", sa.UnicodeText, nullable=False),
        sa.Column("quantity", sa.UnicodeText, nullable=False),
        sa.Column("factor", sa.Numeric, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.CheckConstraint("factor > 0", name="satudata_unit_factor_positive"),
    )

    code: Mapped[str]
    label: Mapped[str]
    label_en: Mapped[str]
    quantity: Mapped[str]
    factor: Mapped[Decimal]
    valid_to: Mapped[date | None]


class UnitAliasRow(tk.BaseModel):
    """A spelling of a unit, folded by :func:`vocabulary.normalise`."""

    __table__ = sa.Table(
        "satudata_unit_alias",
        tk.BaseModel.metadata,
        sa.Column("alias", sa.UnicodeText, primary_key=True),
        sa.Column("unit", sa.UnicodeText, sa.ForeignKey("satudata_unit.code"), nullable=False),
    )

    alias: Mapped[str]
    unit: Mapped[str]


class StandardRow(tk.BaseModel):
    """One entry of the national data standard (SDSN): facts only, no definition.

    Attributes:
        code: ``XX00000.dd.kk``.
        name: the konsep.
        other_names: names under which the source lists the same code again.
        ukuran: codes of the measures that could be told from ``ukuran_text``.
        units: codes of the units that could be told from ``satuan_text``.
        flags: ``VAR`` variable, ``KON`` concept, ``IND`` indicator.
    """

    __table__ = sa.Table(
        "satudata_standard",
        tk.BaseModel.metadata,
        sa.Column("code", sa.UnicodeText, primary_key=True),
        sa.Column("name", sa.UnicodeText, nullable=False),
        sa.Column("other_names", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("ukuran", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("units", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("ukuran_text", sa.UnicodeText, nullable=False),
        sa.Column("satuan_text", sa.UnicodeText, nullable=False),
        sa.Column("flags", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("valid_to", sa.Date),
    )

    code: Mapped[str]
    name: Mapped[str]
    other_names: Mapped[list[str]]
    ukuran: Mapped[list[str]]
    units: Mapped[list[str]]
    ukuran_text: Mapped[str]
    satuan_text: Mapped[str]
    flags: Mapped[list[str]]
    valid_to: Mapped[date | None]


#: One row whose ``token`` triggers change with every change of code lists, units and
#: indicators; whoever keeps a code book in memory compares it.
codebook_state_table = sa.Table(
    "satudata_codebook_state",
    tk.BaseModel.metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("token", sa.UnicodeText, nullable=False),
    sa.CheckConstraint("id = 1", name="satudata_codebook_state_one_row"),
)
