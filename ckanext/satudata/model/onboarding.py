"""How people begin: their invitations, the steps they have taken, and what they practise on."""

from __future__ import annotations

from datetime import datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import Mapped

from .content import utc_now

#: Steps that are written down; others can be seen from what is stored anyway.
STEPS = ("masuk", "tur", "latihan-bersih", "latihan-konflik", "latihan-setoran")
#: Exercises that are done with a dataset.
EXERCISES = ("latihan-bersih", "latihan-konflik")


class AccountInvitation(tk.BaseModel):
    """That somebody was invited. Name and e-mail address stand with CKAN's user alone."""

    __table__ = sa.Table(
        "satudata_account_invitation",
        tk.BaseModel.metadata,
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        sa.Column("organization_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("capacity", sa.UnicodeText, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("times", sa.Integer, nullable=False, server_default="1"),
        sa.Column("expired_at", sa.DateTime(timezone=True)),
    )

    user_id: Mapped[str]
    organization_id: Mapped[str]
    capacity: Mapped[str]
    created_at: Mapped[datetime]
    #: When the newest letter went out, and how many there were.
    sent_at: Mapped[datetime]
    times: Mapped[int]
    #: Since when its link no longer opens anything.
    expired_at: Mapped[datetime | None]


class OnboardingStep(tk.BaseModel):
    """A step that a person has taken, once."""

    __table__ = sa.Table(
        "satudata_onboarding_step",
        tk.BaseModel.metadata,
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        sa.Column("step", sa.UnicodeText, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.CheckConstraint(f"step IN {STEPS!r}", name="satudata_onboarding_step_step"),
    )

    user_id: Mapped[str]
    step: Mapped[str]
    at: Mapped[datetime]


class PracticeDataset(tk.BaseModel):
    """That a dataset is for practice and so is never public; the row outlives all its changes.

    It is a table of its own and no field of the dataset, so nothing that saves a dataset can take
    the mark away.
    """

    __table__ = sa.Table(
        "satudata_practice_dataset",
        tk.BaseModel.metadata,
        sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
        sa.Column("user_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("exercise", sa.UnicodeText, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("report_id", sa.UnicodeText),
        sa.Column("held_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(f"exercise IN {EXERCISES!r}", name="satudata_practice_exercise"),
    )

    dataset_id: Mapped[str]
    user_id: Mapped[str]
    exercise: Mapped[str]
    created_at: Mapped[datetime]
    #: What the newest rehearsal found.
    report_id: Mapped[str | None]
    #: When something held a rehearsal back for the first time.
    held_at: Mapped[datetime | None]

    @classmethod
    def of(cls, dataset: str | None) -> PracticeDataset | None:
        """The mark of a dataset, or None for one that is no practice."""
        return model.Session.get(cls, dataset) if dataset else None
