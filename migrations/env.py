"""Runs migrations as the owner role, after making the database roles that the schema grants to."""

from alembic import context
from sqlalchemy import create_engine, pool

from services.database import metadata
from services.database_roles import become_owner, ensure_roles
from services.settings import settings_from


def _address() -> str:
    configured = context.config.get_main_option("sqlalchemy.url") or settings_from().admin_database_url
    if not configured:
        raise SystemExit("migrations need ADMIN_DATABASE_URL")
    return configured


engine = create_engine(_address(), poolclass=pool.NullPool)
with engine.connect() as connection:
    with connection.begin():
        ensure_roles(connection)
    with connection.begin():
        become_owner(connection)
        context.configure(connection=connection, target_metadata=metadata, compare_type=True)
        context.run_migrations()
engine.dispose()
