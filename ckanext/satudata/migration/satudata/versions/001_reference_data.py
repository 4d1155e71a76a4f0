"""Reference data, indicators, and the token that tells when a kept code book is stale."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

#: Whatever is part of a code book.
WATCHED = (
    "satudata_codelist",
    "satudata_code",
    "satudata_code_scheme",
    "satudata_code_alias",
    "satudata_unit",
    "satudata_unit_alias",
    "satudata_indicator",
)


def upgrade() -> None:
    op.create_table(
        "satudata_reference_version",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.UnicodeText, nullable=False),
        sa.Column("version", sa.UnicodeText, nullable=False),
        sa.Column("sha256", sa.UnicodeText, nullable=False),
        sa.Column("source", sa.UnicodeText, nullable=False),
        sa.Column("effective_from", sa.Date, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("name", "version"),
    )
    _create_codes()
    _create_units()
    _create_indicators()
    _create_state()


def _create_codes() -> None:
    op.create_table(
        "satudata_codelist",
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
    op.create_table(
        "satudata_code",
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
    for table, key in (
        ("satudata_code_scheme", ("scheme", "code")),
        ("satudata_code_alias", ("alias",)),
    ):
        op.create_table(
            table,
            sa.Column("codelist", sa.UnicodeText, primary_key=True),
            *(sa.Column(name, sa.UnicodeText, primary_key=True) for name in key),
            sa.Column("canonical", sa.UnicodeText, primary_key=True),
            sa.ForeignKeyConstraint(
                ["codelist", "canonical"], ["satudata_code.codelist", "satudata_code.code"]
            ),
        )


def _create_units() -> None:
    op.create_table(
        "satudata_unit",
        sa.Column("code", sa.UnicodeText, primary_key=True),
        sa.Column("label", sa.UnicodeText, nullable=False),
        sa.Column("label_en", sa.UnicodeText, nullable=False),
        sa.Column("quantity", sa.UnicodeText, nullable=False),
        sa.Column("factor", sa.Numeric, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.CheckConstraint("factor > 0", name="satudata_unit_factor_positive"),
    )
    op.create_table(
        "satudata_unit_alias",
        sa.Column("alias", sa.UnicodeText, primary_key=True),
        sa.Column("unit", sa.UnicodeText, sa.ForeignKey("satudata_unit.code"), nullable=False),
    )
    op.create_table(
        "satudata_standard",
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


def _create_indicators() -> None:
    op.create_table(
        "satudata_indicator",
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
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("abs_tol >= 0 AND rel_tol >= 0", name="satudata_indicator_tolerance"),
        sa.CheckConstraint("status IN ('active', 'retired')", name="satudata_indicator_status"),
    )


def _create_state() -> None:
    op.create_table(
        "satudata_codebook_state",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("token", sa.UnicodeText, nullable=False),
        sa.CheckConstraint("id = 1", name="satudata_codebook_state_one_row"),
    )
    # The token is made of the transaction's number and the clock, not of a counter: a counter
    # rolled back would be given out again, and a book read inside that transaction would pass
    # for the next one.
    op.execute(
        """
        CREATE OR REPLACE FUNCTION satudata_codebook_changed() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO satudata_codebook_state (id, token)
            VALUES (1, txid_current() || '-' || extract(epoch FROM clock_timestamp()))
            ON CONFLICT (id) DO UPDATE SET token = excluded.token;
            RETURN NULL;
        END $$
        """
    )
    for table in WATCHED:
        op.execute(
            f"""
            CREATE TRIGGER satudata_codebook_changed
            AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION satudata_codebook_changed()
            """
        )


def downgrade() -> None:
    for table in reversed(WATCHED):
        op.execute(f"DROP TRIGGER satudata_codebook_changed ON {table}")
    op.execute("DROP FUNCTION satudata_codebook_changed()")
    for table in (
        "satudata_codebook_state",
        "satudata_indicator",
        "satudata_standard",
        "satudata_unit_alias",
        "satudata_unit",
        "satudata_code_alias",
        "satudata_code_scheme",
        "satudata_code",
        "satudata_codelist",
        "satudata_reference_version",
    ):
        op.drop_table(table)
