"""Brings a database to the present: roles where it is ours to make them, then the schema. The only rows it adds are the calendar's."""

from ppid_saas.embedded.postgres import superuser_connection
from ppid_saas.settings import DATABASE, ROLES, Settings


def prepare_database(settings: Settings) -> None:
    """Create roles and database in the embedded server, migrate, and load the national calendar.

    On servers the roles are there already.
    """
    from sqlalchemy import create_engine

    from ppid_saas.cases.service import seed_calendar
    from tenants import boot

    if settings.embeds_database:
        passwords = {role: settings.database_password(role) for role in ROLES}
        with superuser_connection(settings) as connection:
            boot.create_roles(connection, passwords, DATABASE)
    boot.migrate(settings.database_url("owner"))
    engine = create_engine(settings.database_url("platform"), connect_args=settings.driver_options)
    with engine.begin() as connection:
        seed_calendar(connection)
    engine.dispose()
