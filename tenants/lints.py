"""Catalogue lints: what the database itself must say before anyone may trust it to keep tenants apart.

Each lint is one query that returns the offending objects. Run at start-up, in tests and after every migration.
Not a test of behaviour: the probes in the test suite do that.
"""

import json

import psycopg

PLANES = {
    "identity": "identity",
    "keys": "tenant_id",
    "work": "tenant_id",
    "exchange": "writer_id",
    "publication": "central_id",
    "ops": "tenant_id",
}
# Tables of the planes whose rows no tenant owns.
OWNERLESS = ("ops.calendar", "ops.calendar_day")
# Every policy granted to a role that passes walls, by name.
SPECIAL_POLICIES = {
    ("ops.effect", "app_clock_passes"), ("ops.obligation", "app_clock_passes"), ("ops.reservation", "app_clock_passes"), ("ops.quota", "app_clock_passes"),
    ("ops.effect", "door_passes"), ("ops.event", "door_passes"), ("ops.obligation", "door_passes"), ("ops.reservation", "door_passes"),
    ("ops.link", "door_passes"), ("ops.calendar_feed", "door_passes"), ("ops.calendar_override", "door_passes"),
    ("ops.quota", "door_passes"), ("keys.tenant_key", "door_passes"),
    ("ops.quota", "platform_passes"), ("keys.tenant_key", "platform_passes"), ("publication.list", "platform_passes"),
    ("ops.effect", "platform_passes"), ("ops.job", "platform_passes"), ("ops.stocktake", "platform_passes"), ("ops.obligation", "platform_passes"), ("ops.fixity", "platform_passes"),
    *((f"publication.{t}", "public_reads") for t in ("list", "unit", "edition", "edition_item", "file", "change", "live_item", "opened")),
}  # fmt: skip
DOORS = (
    "add_unit", "admit", "bind", "calm", "days", "described", "destroy_keys", "emit", "enter", "enter_feed", "enter_job", "enter_key", "enter_obligation", "enter_pass", "enter_stocktake", "enter_sweep", "enter_upkeep", "follow", "may_send", "retire_keys", "rewrap_key",
    "people", "public_key", "rooms", "seal", "set_cap", "set_unit_cap", "sign_in_event", "spaces", "tenant", "tenants",
)  # fmt: skip
PUBLIC_TABLES = ("change", "edition", "edition_item", "file", "list", "live_item", "opened", "unit")

_OURS = "n.nspname = any(%(planes)s)"
_TENANT_TABLES = f"""
    select c.oid, n.nspname || '.' || c.relname as name, n.nspname as plane, c.relrowsecurity as rls,
        c.relforcerowsecurity as forced
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and {_OURS} and n.nspname <> 'identity'
        and n.nspname || '.' || c.relname <> all(%(ownerless)s)
"""
_FIRST_COLUMN = """
    (select a.attname from pg_attribute a where a.attrelid = {table} and a.attnum = {column})
"""
_KEY_OF_PLANE = "(%(keys)s::jsonb ->> t.plane)"

LINTS = {
    "table in no declared plane": f"""
        select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'f') and not {_OURS}
            and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
            and n.nspname || '.' || c.relname not in ('door.secret', 'migration.version')""",
    "row security not forced": f"select name from ({_TENANT_TABLES}) t where not (rls and forced)",
    "no policy": f"select name from ({_TENANT_TABLES}) t where not exists (select from pg_policy p where polrelid = t.oid)",
    "policy open to everyone": """
        select c.relnamespace::regnamespace || '.' || c.relname || ': ' || polname from pg_policy p
        join pg_class c on c.oid = polrelid where polroles = '{0}'""",
    "policy that always passes": f"""
        select t.name || ': ' || p.polname from ({_TENANT_TABLES}) t join pg_policy p on p.polrelid = t.oid
        where (coalesce(pg_get_expr(p.polqual, p.polrelid), 'true') = 'true'
                and coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'true') = 'true')
            and (t.name, p.polname::text) not in (select * from unnest(%(special_tables)s::text[], %(special_names)s::text[]))""",
    "policy for app_tenant without the bound tenant": f"""
        select t.name || ': ' || p.polname from ({_TENANT_TABLES}) t join pg_policy p on p.polrelid = t.oid
        where 'app_tenant'::regrole = any(p.polroles)
            and (coalesce(pg_get_expr(p.polqual, p.polrelid), 'door.tenant()') not like '%%door.tenant()%%'
                or coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'door.tenant()') not like '%%door.tenant()%%')""",
    "reader of an insert is not checked": f"""
        select t.name || ': ' || p.polname from ({_TENANT_TABLES}) t join pg_policy p on p.polrelid = t.oid
        where t.plane = 'exchange' and p.polcmd in ('a', '*')
            and coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') not like '%%door.may_send(reader_id)%%'""",
    "policy of a special role that is not listed": """
        select c.relnamespace::regnamespace || '.' || c.relname || ': ' || polname from pg_policy p
        join pg_class c on c.oid = polrelid
        where polroles && array['door', 'app_clock', 'app_public', 'platform', 'app_identity']::regrole[]::oid[]
            and (c.relnamespace::regnamespace || '.' || c.relname, polname::text)
                not in (select * from unnest(%(special_tables)s::text[], %(special_names)s::text[]))""",
    "key or unique index that does not begin with its owner": f"""
        select t.name || ': ' || i.indexrelid::regclass from ({_TENANT_TABLES}) t join pg_index i on i.indrelid = t.oid
        where i.indisunique and {_FIRST_COLUMN.format(table="t.oid", column="i.indkey[0]")}
            is distinct from {_KEY_OF_PLANE} and t.name <> 'publication.list'""",
    "foreign key that does not carry its owner": f"""
        select t.name || ': ' || f.conname from ({_TENANT_TABLES}) t join pg_constraint f on f.conrelid = t.oid
        where f.contype = 'f' and {_FIRST_COLUMN.format(table="t.oid", column="f.conkey[1]")}
            not in ('tenant_id', 'writer_id', 'reader_id', 'central_id')""",
    "foreign key between planes": f"""
        select t.name || ': ' || f.conname from ({_TENANT_TABLES}) t join pg_constraint f on f.conrelid = t.oid
        join pg_class r on r.oid = f.confrelid
        where f.contype = 'f' and r.relnamespace::regnamespace::text <> t.plane""",
    "view or materialized view": f"""
        select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('v', 'm') and ({_OURS} or n.nspname in ('public', 'door'))""",
    "definer function outside the doors": """
        select p.pronamespace::regnamespace || '.' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
            and (n.nspname <> 'door' or p.proname <> all(%(doors)s) or p.proowner <> 'door'::regrole
                or p.proconfig is distinct from array['search_path=""'])""",
    "function of ours open to everyone": f"""
        select p.pronamespace::regnamespace || '.' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where ({_OURS} or n.nspname = 'door') and (p.proacl is null
            or exists (select from aclexplode(p.proacl) a where a.grantee = 0))""",
    "inner door granted": """
        select p.proname || ' to ' || a.grantee::regrole from pg_proc p, aclexplode(p.proacl) a
        where p.pronamespace = 'door'::regnamespace and p.proname in ('bind', 'calm', 'seal', 'admit', 'described')
            and a.grantee <> 'door'::regrole""",
    "privilege beyond rows": f"""
        select c.oid::regclass || ': ' || a.grantee::regrole || ' ' || a.privilege_type
        from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
        where {_OURS} and a.grantee <> c.relowner
            and (a.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN') or a.grantee = 0)""",
    "public role outside publication": f"""
        select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'v', 'm', 'p') and ({_OURS} or n.nspname in ('door', 'public'))
            and has_any_column_privilege('app_public', c.oid, 'select')
            and (n.nspname <> 'publication' or c.relname <> all(%(public_tables)s))""",
    "public role that writes": f"""
        select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where {_OURS} and c.relkind in ('r', 'p')
            and (has_any_column_privilege('app_public', c.oid, 'insert, update')
                or has_table_privilege('app_public', c.oid, 'delete'))""",
    "office reads plane identity": """
        select c.oid::regclass::text from pg_class c where c.relnamespace = 'identity'::regnamespace
            and c.relkind in ('r', 'p') and has_any_column_privilege('app_tenant', c.oid, 'select, insert, update')""",
    "login role that owns or passes walls": """
        select rolname::text from pg_roles r where rolname = any(array['app_tenant', 'app_public', 'app_identity',
            'app_clock', 'platform']) and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb
            or exists (select from pg_class where relowner = r.oid)
            or exists (select from pg_auth_members m where m.member = r.oid))""",
}


def findings(conn: psycopg.Connection) -> list[str]:
    """Return one sentence per offending object; an empty list is a clean database."""
    values = {
        "planes": list(PLANES),
        "ownerless": list(OWNERLESS),
        "keys": json.dumps(PLANES),
        "special_tables": [table for table, _ in sorted(SPECIAL_POLICIES)],
        "special_names": [name for _, name in sorted(SPECIAL_POLICIES)],
        "doors": list(DOORS),
        "public_tables": list(PUBLIC_TABLES),
    }
    return [f"{lint}: {row[0]}" for lint, query in LINTS.items() for row in conn.execute(query, values)]
