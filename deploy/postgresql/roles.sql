-- Database and login roles of an installation. Safe to repeat; passwords come from the environment (psql 15 or newer).
-- As the superuser, with PPID_DB_PASSWORD_OWNER … PPID_DB_PASSWORD_REPLICATOR set: psql -qX -f roles.sql postgres
\set ON_ERROR_STOP on
\getenv owner PPID_DB_PASSWORD_OWNER
\getenv app_tenant PPID_DB_PASSWORD_APP_TENANT
\getenv app_public PPID_DB_PASSWORD_APP_PUBLIC
\getenv app_identity PPID_DB_PASSWORD_APP_IDENTITY
\getenv app_clock PPID_DB_PASSWORD_APP_CLOCK
\getenv platform PPID_DB_PASSWORD_PLATFORM
\getenv replicator PPID_DB_PASSWORD_REPLICATOR

set password_encryption = 'scram-sha-256';
select format('create role %I nosuperuser nobypassrls noinherit', name)
from unnest(array['door', 'owner', 'app_tenant', 'app_public', 'app_identity', 'app_clock', 'platform', 'replicator']) name
where not exists (select from pg_roles where rolname = name) \gexec
alter role owner login password :'owner';
alter role app_tenant login password :'app_tenant';
alter role app_public login password :'app_public';
alter role app_identity login password :'app_identity';
alter role app_clock login password :'app_clock';
alter role platform login password :'platform';
alter role replicator login replication password :'replicator';
grant door to owner;

select 'create database ppid owner owner' where not exists (select from pg_database where datname = 'ppid') \gexec
revoke all on database ppid from public;
grant connect on database ppid to app_tenant, app_public, app_identity, app_clock, platform;
