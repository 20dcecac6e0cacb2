"""Protection of tables, used by migrations inside the table's own creation. Not a migration.

Every plane has one shape of protection; a table without one is found by `tenants.lints`.
"""

from alembic import op

OWNER_WRITES = "select, insert, update, delete"


def _force(table: str) -> None:
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")


def protect_table(table: str, *, grants: str = OWNER_WRITES, key: str = "tenant_id") -> None:
    """Give a table one owner per row: the bound tenant, who alone sees and writes it."""
    _force(table)
    op.execute(
        f"create policy owner_row on {table} to app_tenant, owner"
        f" using ({key} = (select door.tenant())) with check ({key} = (select door.tenant()))"
    )
    op.execute(f"grant {grants} on {table} to app_tenant")


def protect_exchange(table: str) -> None:
    """Give a table one writer and one reader; rows are only ever added, and only between a real pair."""
    _force(table)
    op.execute(
        f"create policy pair_reads on {table} for select to app_tenant, owner"
        " using (writer_id = (select door.tenant()) or reader_id = (select door.tenant()))"
    )
    op.execute(
        f"create policy writer_adds on {table} for insert to app_tenant, owner"
        " with check (writer_id = (select door.tenant()) and door.may_send(reader_id))"
    )
    op.execute(f"grant select, insert on {table} to app_tenant")


def protect_publication(table: str, *, public_columns: str = "", grants: str = OWNER_WRITES) -> None:
    """Let a central write its own rows and everyone read the granted columns."""
    protect_table(table, grants=grants, key="central_id")
    if public_columns:
        op.execute(f"grant select ({public_columns}) on {table} to app_public")
        op.execute(f"create policy public_reads on {table} for select to app_public using (true)")


def let_through(table: str, role: str, privileges: str, *, condition: str = "true") -> None:
    """Grant a special role its narrow way to a table; `tenants.lints` lists each such policy by name."""
    op.execute(
        f"create policy {role}_passes on {table} to {role} using ({condition}) with check ({condition})"
    )
    op.execute(f"grant {privileges} on {table} to {role}")
