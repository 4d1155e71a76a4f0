"""What is public: releases of datasets and their figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped

from .content import utc_now


class Release(tk.BaseModel):
    """The released state of one dataset; exists exactly while its figures are public.

    ``fingerprint`` covers everything the figures depend on (contents, declarations,
    producer, reference data, rules): while it is unchanged nothing has to be checked again.
    """

    __table__ = sa.Table(
        "satudata_release",
        tk.BaseModel.metadata,
        sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
        sa.Column("organization_id", sa.UnicodeText, nullable=False),
        sa.Column("fingerprint", sa.UnicodeText, nullable=False),
        sa.Column("ruleset", sa.UnicodeText, nullable=False),
        sa.Column("report_id", sa.UnicodeText),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("released_by", sa.UnicodeText),
    )

    dataset_id: Mapped[str]
    organization_id: Mapped[str]
    fingerprint: Mapped[str]
    ruleset: Mapped[str]
    report_id: Mapped[str | None]
    released_at: Mapped[datetime]
    released_by: Mapped[str | None]


class PublicationRow(tk.BaseModel):
    """Public figures of one indicator in one resource; the figures are in ``satudata_block``."""

    __table__ = sa.Table(
        "satudata_publication",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("resource_id", sa.UnicodeText, nullable=False),
        sa.Column("indicator_id", sa.Integer, nullable=False, index=True),
        sa.Column("organization_id", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("key_min", sa.BigInteger, nullable=False),
        sa.Column("key_max", sa.BigInteger, nullable=False),
        sa.Column("checksum", sa.UnicodeText, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.UniqueConstraint("resource_id", "indicator_id"),
    )

    id: Mapped[int]
    dataset_id: Mapped[str]
    resource_id: Mapped[str]
    indicator_id: Mapped[int]
    organization_id: Mapped[str]
    size: Mapped[int]
    key_min: Mapped[int]
    key_max: Mapped[int]
    checksum: Mapped[str]
    published_at: Mapped[datetime]


#: Written by COPY (:mod:`ckanext.satudata.store.blocks`); never mapped to objects.
block_table = sa.Table(
    "satudata_block",
    tk.BaseModel.metadata,
    sa.Column("publication_id", sa.BigInteger, primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True),
    sa.Column("indicator_id", sa.Integer, nullable=False),
    sa.Column("key_min", sa.BigInteger, nullable=False),
    sa.Column("key_max", sa.BigInteger, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("rests", ARRAY(sa.Integer)),
    sa.Column("keys", sa.LargeBinary, nullable=False),
    sa.Column("vals", sa.LargeBinary, nullable=False),
    sa.Column("decimals", sa.LargeBinary, nullable=False),
    sa.Column("status", sa.LargeBinary, nullable=False),
    sa.Index("satudata_block_span_idx", "indicator_id", "key_min", "key_max"),
)


class ReportRow(tk.BaseModel):
    """One check's report, kept for those who may see the dataset's drafts.

    ``document`` is the report in storage form (see :mod:`ckanext.satudata.workflow.reports`).
    """

    __table__ = sa.Table(
        "satudata_report",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("dataset_id", sa.UnicodeText, index=True),
        sa.Column("dataset_title", sa.UnicodeText),
        sa.Column("organization_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("blocked", sa.Boolean, nullable=False),
        sa.Column("ruleset", sa.UnicodeText, nullable=False),
        sa.Column("checked", sa.Integer, nullable=False),
        sa.Column("document", JSONB, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
    )

    id: Mapped[str]
    kind: Mapped[str]
    dataset_id: Mapped[str | None]
    dataset_title: Mapped[str | None]
    organization_id: Mapped[str]
    user_id: Mapped[str | None]
    blocked: Mapped[bool]
    ruleset: Mapped[str]
    checked: Mapped[int]
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class DeclarationMemory(tk.BaseModel):
    """A declaration an organization confirmed, to be offered for its next table alike."""

    __table__ = sa.Table(
        "satudata_declaration_memory",
        tk.BaseModel.metadata,
        sa.Column("organization_id", sa.UnicodeText, primary_key=True),
        sa.Column("signature", sa.UnicodeText, primary_key=True),
        sa.Column("declaration", JSONB, nullable=False),
        sa.Column("confirmed_by", sa.UnicodeText),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
    )

    organization_id: Mapped[str]
    signature: Mapped[str]
    declaration: Mapped[dict[str, Any]]
    confirmed_by: Mapped[str | None]
    confirmed_at: Mapped[datetime]
