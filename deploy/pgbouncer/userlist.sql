-- The login roles as PgBouncer wants them; their passwords only as PostgreSQL keeps them (SCRAM).
-- As the superuser: psql -qAtX -f userlist.sql postgres > /etc/pgbouncer/userlist.txt
select format('"%s" "%s"', rolname, rolpassword)
from pg_authid
where rolname in ('app_tenant', 'app_public', 'app_identity', 'app_clock', 'platform')
order by rolname;
