"""Which datasets the search index may hold otherwise than the database."""

from __future__ import annotations

from datetime import datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from .content import utc_now


class IndexIntent(tk.BaseModel):
    """One change that somebody is about to put into the search index.

    Committed apart before the index is touched, and deleted in the transaction of the change:
    a row that stays tells of a change that never was committed, but may be in the index.
    """

    __table__ = sa.Table(
        "satudata_index_intent",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
    )

    id: Mapped[int]
    dataset_id: Mapped[str]
    created_at: Mapped[datetime]
