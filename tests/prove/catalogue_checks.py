"""What PostgreSQL itself says of the rules of rows: every tenant's table has them."""

from sqlalchemy import text

from tests.prove.place import Database

# Tables with a tenant's columns, or of tenants; the others are the catalogue's, its journal's and
# counters, which hold no tenant's secret.
_PUBLIC = {
    *("alembic_version", "revision", "concept", "event"),
    *("provider", "facility", "certificate", "capability"),
    # Digests under a secret, and phrases that three companies share.
    *("shared_phrase", "phrase_use", "phrase_secret"),
}
_TABLES = text(
    "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
)
_WRITABLE = text(
    "SELECT tablename, cmd, coalesce(with_check, '') FROM pg_policies WHERE schemaname = 'public'"
)
_OWNED = text(
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = 'public' AND pg_has_role(current_user, c.relowner, 'MEMBER')"
)
_POWERS = text(
    "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication "
    "FROM pg_roles WHERE rolname = current_user"
)
_VIEWS = text("SELECT viewname FROM pg_views WHERE schemaname = 'public'")


def faults(database: Database) -> list[str]:
    """What is wrong, each as a sentence."""
    with database.owner.connect() as connection:
        tables = connection.execute(_TABLES).all()
        policies = connection.execute(_WRITABLE).all()
        views = connection.execute(_VIEWS).scalars().all()
    with database.engine.connect() as connection:
        owned = connection.execute(_OWNED).scalars().all()
        has_powers = connection.execute(_POWERS).scalar_one()
    found = [f"the serving role owns {name}" for name in owned]
    found += [f"the view {name} sees what its owner sees" for name in views]
    if has_powers:
        found.append("the serving role may do more than read and write rows")
    for table, is_enabled, is_forced in tables:
        if table in _PUBLIC:
            continue
        if not (is_enabled and is_forced):
            found.append(f"{table} isn't under ENABLE and FORCE ROW LEVEL SECURITY")
        if not any(name == table and command == "ALL" for name, command, _ in policies):
            found.append(f"{table} has no rule for all statements")
    found += [
        f"a rule of {table} has no WITH CHECK"
        for table, command, check in policies
        if command != "SELECT" and not check
    ]
    return found
