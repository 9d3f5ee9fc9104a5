"""Portals, companies, people, kept requirements and runs, and who of them sees which rows."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

revision = "c93e5a417f60"
down_revision = "b41c09d7a2e8"
branch_labels = None
depends_on = None

# The portal that operates the service has the same id in every installation.
_CENTRE = UUID("0d3f6f1c-4a36-5b0a-9a39-6a8f2f6f9d11")

_ROLE = "current_setting('cdmo.role', true)"
_ACTOR = "current_setting('cdmo.actor', true)"
# An ended transaction leaves '' behind, which is no UUID.
_PORTAL = "NULLIF(current_setting('cdmo.portal', true), '')::uuid"
_COMPANY = "NULLIF(current_setting('cdmo.company', true), '')::uuid"

_SYSTEM = f"{_ROLE} = 'system'"
_IDENTIFY = f"{_ROLE} = 'identify'"
_STAFF = f"{_ROLE} IN ('curator', 'admin')"


def _own(company: str = "company_id", portal: str = "portal_id") -> str:
    return (
        f"({_ROLE} = 'company' AND {company} = {_COMPANY})"
        f" OR ({_ROLE} = 'partner' AND {portal} = {_PORTAL})"
    )


def _accounts(company: str = "company_id") -> str:
    """A tenant's own, and for admins those of the centre and the staff of other portals."""
    return (
        f"{_SYSTEM} OR {_own(company)}"
        f" OR ({_ROLE} = 'admin' AND (portal_id = {_PORTAL} OR {company} IS NULL))"
    )


_SECRETS = f"{_SYSTEM} OR {_own()}"
_OF_PERSON = "EXISTS (SELECT 1 FROM person WHERE person.id = person_id)"
_OF_REQUIREMENT = "EXISTS (SELECT 1 FROM requirement r WHERE r.id = requirement_id{})"
_OWN_NEEDS = _OF_REQUIREMENT.format(f" AND ({_own('r.company_id', 'r.portal_id')})")

# Table, the statements it is for, and which rows they reach.
_POLICIES = (
    ("portal", "ALL", f"{_SYSTEM} OR {_ROLE} = 'admin'"),
    ("portal", "SELECT", f"id = {_PORTAL} OR {_IDENTIFY}"),
    ("company", "ALL", _accounts("id")),
    ("key", "ALL", f"{_accounts()} OR {_IDENTIFY} OR {_ACTOR} = 'key:' || id"),
    ("person", "ALL", f"{_accounts()} OR {_IDENTIFY}"),
    ("sign_in", "ALL", f"{_SYSTEM} OR {_IDENTIFY}"),
    ("one_time_token", "ALL", f"{_SYSTEM} OR {_IDENTIFY} OR {_OF_PERSON}"),
    ("requirement", "ALL", _SECRETS),
    ("requirement", "SELECT", f"{_STAFF} AND shared_at IS NOT NULL"),
    ("requirement_need", "ALL", f"{_SYSTEM} OR {_OWN_NEEDS}"),
    ("requirement_need", "SELECT", _OF_REQUIREMENT.format("")),
    ("run", "ALL", _SECRETS),
    ("idempotent_answer", "ALL", f"{_SYSTEM} OR caller = {_ACTOR}"),
)


def upgrade() -> None:
    now = datetime.now(UTC)
    _make_tenants(now)
    _give_keys_a_portal(now)
    _make_people()
    _make_requirements()
    if op.get_bind().dialect.name == "postgresql":
        _secure_rows()


def _row() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _key_to(table: str, column: str, target: str, ondelete: str | None = None) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), ondelete=ondelete
    )


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _make_tenants(now: datetime) -> None:
    portal = op.create_table(
        "portal",
        *_row(),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("operates", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal")),
        sa.UniqueConstraint("slug", name=op.f("uq_portal_slug")),
    )
    centre = {"id": _CENTRE, "slug": "centre", "name": "Support centre", "operates": True}
    op.bulk_insert(portal, [{**centre, "version": 1, "created_at": now, "updated_at": now}])
    op.create_table(
        "company",
        *_row(),
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _key_to("company", "portal_id", "portal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
    )
    _index("company", "portal_id")


def _give_keys_a_portal(now: datetime) -> None:
    with op.batch_alter_table("key") as key:
        key.add_column(sa.Column("portal_id", sa.Uuid(), nullable=True))
        key.add_column(sa.Column("company_id", sa.Uuid(), nullable=True))
        key.add_column(sa.Column("scopes", sa.JSON(), nullable=False, server_default="[]"))
        key.add_column(sa.Column("origins", sa.JSON(), nullable=False, server_default="[]"))
        key.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    _fill_keys(now)
    with op.batch_alter_table("key") as key:
        key.alter_column("portal_id", existing_type=sa.Uuid(), nullable=False)
        key.alter_column("scopes", existing_type=sa.JSON(), server_default=None)
        key.alter_column("origins", existing_type=sa.JSON(), server_default=None)
        key.create_foreign_key(op.f("fk_key_portal_id_portal"), "portal", ["portal_id"], ["id"])
        key.create_foreign_key(
            op.f("fk_key_company_id_company"),
            "company",
            ["company_id"],
            ["id"],
            ondelete="CASCADE",
        )
        key.create_index(op.f("ix_key_portal_id"), ["portal_id"])
        key.create_index(op.f("ix_key_company_id"), ["company_id"])


def _fill_keys(now: datetime) -> None:
    """All keys were the centre's; each key of a company stood for a company of its own."""
    scopes = {
        "admin": ["catalogue", "match", "requirements", "tenancy"],
        "curator": ["catalogue", "match", "requirements"],
        "company": ["match", "requirements", "tenancy"],
    }
    company = sa.table(
        "company",
        *(sa.column(name, sa.Uuid()) for name in ("id", "portal_id")),
        sa.column("name", sa.String()),
        sa.column("version", sa.Integer()),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("created_at", "updated_at")),
    )
    key = sa.table(
        "key",
        *(sa.column(name, sa.Uuid()) for name in ("id", "portal_id", "company_id")),
        *(sa.column(name, sa.String()) for name in ("name", "role")),
        sa.column("scopes", sa.JSON()),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(key.c.id, key.c.name, key.c.role)).all():
        owner = uuid4() if row.role == "company" else None
        if owner is not None:
            made = {"id": owner, "portal_id": _CENTRE, "name": row.name, "version": 1}
            connection.execute(company.insert().values(**made, created_at=now, updated_at=now))
        filled = {"portal_id": _CENTRE, "company_id": owner, "scopes": scopes[row.role]}
        connection.execute(key.update().where(key.c.id == row.id).values(**filled))


def _make_people() -> None:
    op.create_table(
        "person",
        *_row(),
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("home_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        _key_to("person", "portal_id", "portal"),
        _key_to("person", "company_id", "company", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("home_id", "email", name=op.f("uq_person_home_id_email")),
    )
    for column in ("portal_id", "company_id", "email"):
        _index("person", column)
    op.create_table(
        "sign_in",
        *_row(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _key_to("sign_in", "person_id", "person", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_digest")),
    )
    _index("sign_in", "person_id")
    op.create_table(
        "one_time_token",
        *_row(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _key_to("one_time_token", "person_id", "person", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_one_time_token_digest")),
    )
    _index("one_time_token", "person_id")


def _make_requirements() -> None:
    # Nothing could be kept in the tables of these names before.
    op.drop_table("requirement_need")
    op.drop_table("requirement")
    op.create_table(
        "requirement",
        *_row(),
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=True),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _key_to("requirement", "portal_id", "portal"),
        _key_to("requirement", "company_id", "company", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
    )
    for column in ("portal_id", "company_id", "used_at"):
        _index("requirement", column)
    op.create_table(
        "requirement_need",
        *_row(),
        sa.Column("requirement_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=True),
        sa.Column("service", sa.String(length=160), nullable=True),
        sa.Column("modality", sa.String(length=160), nullable=True),
        sa.Column("platform", sa.String(length=160), nullable=True),
        sa.Column("stage", sa.String(length=160), nullable=True),
        sa.Column("therapeutic_area", sa.String(length=160), nullable=True),
        sa.Column("quality", sa.JSON(), nullable=True),
        sa.Column("scale", sa.JSON(), nullable=True),
        sa.Column("importance", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        _key_to("requirement_need", "requirement_id", "requirement", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement_need")),
    )
    _index("requirement_need", "requirement_id")
    op.create_table(
        "run",
        *_row(),
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("requirement_id", sa.Uuid(), nullable=False),
        sa.Column("requirement_version", sa.Integer(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=False),
        sa.Column("vocabulary", sa.Integer(), nullable=False),
        sa.Column("catalogue", sa.Integer(), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("answer_digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        _key_to("run", "portal_id", "portal"),
        _key_to("run", "company_id", "company", "CASCADE"),
        _key_to("run", "requirement_id", "requirement", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    for column in ("portal_id", "company_id", "requirement_id"):
        _index("run", column)


def _secure_rows() -> None:
    for table in dict.fromkeys(table for table, _, _ in _POLICIES):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for table, statements, rows in _POLICIES:
        check = f" WITH CHECK ({rows})" if statements == "ALL" else ""
        name = f"{table}_{statements.lower()}"
        op.execute(f"CREATE POLICY {name} ON {table} FOR {statements} USING ({rows}){check}")


def _expose_rows() -> None:
    for table, statements, _ in reversed(_POLICIES):
        op.execute(f"DROP POLICY {table}_{statements.lower()} ON {table}")
    for table in dict.fromkeys(table for table, _, _ in _POLICIES):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _expose_rows()
    for table in ("run", "requirement_need", "requirement", "one_time_token", "sign_in", "person"):
        op.drop_table(table)
    _make_old_requirements()
    with op.batch_alter_table("key") as key:
        key.drop_index(op.f("ix_key_company_id"))
        key.drop_index(op.f("ix_key_portal_id"))
        key.drop_constraint(op.f("fk_key_company_id_company"), type_="foreignkey")
        key.drop_constraint(op.f("fk_key_portal_id_portal"), type_="foreignkey")
        for column in ("expires_at", "origins", "scopes", "company_id", "portal_id"):
            key.drop_column(column)
    op.drop_table("company")
    op.drop_table("portal")


def _make_old_requirements() -> None:
    op.create_table(
        "requirement",
        *_row(),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=True),
        sa.Column("needed_from", sa.String(length=10), nullable=True),
        sa.Column("countries_required", sa.JSON(), nullable=False),
        sa.Column("countries_preferred", sa.JSON(), nullable=False),
        sa.Column("markets", sa.JSON(), nullable=False),
        sa.Column("ownership", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("budget", sa.String(length=160), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
    )
    op.create_table(
        "requirement_need",
        *_row(),
        sa.Column("requirement_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=160), nullable=True),
        sa.Column("modality", sa.String(length=160), nullable=True),
        sa.Column("platform", sa.String(length=160), nullable=True),
        sa.Column("stage", sa.String(length=160), nullable=True),
        sa.Column("therapeutic_area", sa.String(length=160), nullable=True),
        sa.Column("quality", sa.JSON(), nullable=False),
        sa.Column("scale", sa.JSON(), nullable=False),
        sa.Column("importance", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        _key_to("requirement_need", "requirement_id", "requirement", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement_need")),
    )
    _index("requirement_need", "requirement_id")
