"""With which rights the service reaches PostgreSQL: rows are kept apart only for a lesser role."""

from sqlalchemy import Engine, text

from app.errors import UnsafeError

_RIGHTS = text(
    "SELECT r.rolsuper OR r.rolbypassrls AS unbound, "
    "EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') "
    "AND pg_has_role(r.oid, c.relowner, 'MEMBER')) AS owns "
    "FROM pg_roles r WHERE r.rolname = current_user"
)
_ADVICE = (
    "Serve with a role that owns nothing: set CDMO_MIGRATION_DATABASE_URL to the owner's address "
    "and CDMO_DATABASE_URL to the lesser role's, and run `cdmo-match migrate`, which gives that "
    "role what it needs."
)


def check(engine: Engine) -> None:
    """UnsafeError if the rules of rows wouldn't hold for the engine's role. SQLite has no roles."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        unbound, owns = connection.execute(_RIGHTS).one()
    if unbound:
        raise UnsafeError(f"This database role passes over the rules of rows. {_ADVICE}")
    if owns:
        raise UnsafeError(f"This database role owns the tables. {_ADVICE}")
