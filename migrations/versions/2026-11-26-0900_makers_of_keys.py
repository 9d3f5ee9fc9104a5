"""Who made each key."""

import sqlalchemy as sa
from alembic import op

revision = "d57b20e8c1f4"
down_revision = "c93e5a417f60"
branch_labels = None
depends_on = None

_TOLD = (
    "UPDATE key SET created_by = (SELECT event.actor FROM event WHERE event.noun = 'key' "
    "AND event.noun_id = key.id AND event.action = 'created' ORDER BY event.id LIMIT 1)"
)


def upgrade() -> None:
    op.add_column("key", sa.Column("created_by", sa.String(length=80), nullable=True))
    op.execute(_TOLD)


def downgrade() -> None:
    with op.batch_alter_table("key") as key:
        key.drop_column("created_by")
