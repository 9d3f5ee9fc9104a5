"""Phrases that companies share."""

import sqlalchemy as sa
from alembic import op

revision = "b41c09d7a2e8"
down_revision = "72f778e22965"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_phrase",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("companies", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=True),
        sa.Column("phrase", sa.String(length=160), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_shared_phrase")),
    )
    op.create_table(
        "phrase_use",
        sa.Column("phrase", sa.String(length=64), nullable=False),
        sa.Column("company", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("phrase", "company", name=op.f("pk_phrase_use")),
    )
    op.create_table(
        "phrase_secret",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrase_secret")),
    )


def downgrade() -> None:
    op.drop_table("phrase_secret")
    op.drop_table("phrase_use")
    op.drop_table("shared_phrase")
