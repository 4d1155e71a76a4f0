"""Agenda items about figures that somebody reported and the agency confirmed as wrong."""

from __future__ import annotations

from alembic import op

revision = "019"
down_revision = "020"
branch_labels = None
depends_on = None

_TABLE, _NAME = "satudata_agenda_item", "satudata_agenda_item_kind"
_BEFORE = (
    "'lanjutan', 'konflik', 'revisi_final', 'dataset', 'setoran_terlambat', 'definisi_baru', 'lain'"
)
_AFTER = f"{_BEFORE}, 'angka_keliru'"


def upgrade() -> None:
    """Allow the kind."""
    _allow(_AFTER)


def downgrade() -> None:
    """Such items become other matters."""
    op.execute("UPDATE satudata_agenda_item SET kind = 'lain' WHERE kind = 'angka_keliru'")
    _allow(_BEFORE)


def _allow(kinds: str) -> None:
    op.drop_constraint(_NAME, _TABLE)
    op.create_check_constraint(_NAME, _TABLE, f"kind IN ({kinds})")
