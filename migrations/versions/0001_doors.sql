-- The doors: the only functions that look across tenants. All belong to role door, which owns nothing else
-- and cannot log in. Each has a fixed search_path and says whom it lets through.

create table door.secret (value bytea not null);
insert into door.secret select sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));

-- The seal of a binding: only door functions know the secret, so no one else can name a tenant.
create function door.seal(payload text) returns text
language plpgsql stable security definer parallel safe set search_path = '' as $$
declare secret bytea;
begin
    select value into secret from door.secret;
    return encode(sha256(secret || sha256(secret || convert_to(payload, 'UTF8'))), 'hex');
end $$;

-- Bind this transaction. The transaction's own start and backend are part of what is sealed: a value carried
-- into another transaction or connection is worth nothing.
create function door.bind(tenant uuid, person uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare payload text := tenant || '|' || coalesce(person::text, '') || '|' || pg_backend_pid()
    || '|' || extract(epoch from now());
begin
    perform set_config('ppid.ctx', payload || '|' || door.seal(payload), true);
end $$;

-- The tenant bound to this transaction; loud when there is none.
create function door.tenant() returns uuid
language plpgsql stable security definer parallel safe set search_path = '' as $$
declare
    part text[] := string_to_array(current_setting('ppid.ctx', true), '|');
    payload text := part[1] || '|' || part[2] || '|' || part[3] || '|' || part[4];
begin
    if part[3] is distinct from pg_backend_pid()::text
        or part[4] is distinct from extract(epoch from now())::text
        or part[5] is distinct from door.seal(payload)
    then
        raise insufficient_privilege using message = 'transaction is bound to no tenant';
    end if;
    return part[1]::uuid;
end $$;

create function door.described(t identity.tenant) returns jsonb
language sql stable security definer set search_path = '' as $$
    select jsonb_build_object('tenant_id', t.id, 'region', t.region, 'slug', t.slug, 'name', t.name, 'kind', t.kind,
        'category', t.category, 'zone', t.zone, 'recipient_id', t.recipient_id, 'settings', t.settings)
$$;

-- Bind as one of the person's tenants, or answer nothing: a foreign tenant and a missing one are alike.
create function door.admit(who uuid, at_region text, at_slug text, since timestamptz) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
    t identity.tenant;
    held text[];
begin
    select * into t from identity.tenant x
        where x.region = at_region and x.slug = at_slug and x.disabled_at is null and x.sessions_from <= since;
    if not found then return null; end if;
    select array_agg(m.role order by m.role) into held from identity.membership m
        where m.person_id = who and m.tenant_id = t.id;
    if held is null then return null; end if;
    perform door.bind(t.id, who);
    return door.described(t) || jsonb_build_object('roles', held);
end $$;

-- Whoever shared this connection before may have set session-wide what she liked: whether rows are walled or merely
-- refused, how long one waits, whether a commit is on disk. For this transaction it is as the server says.
create function door.calm() returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform set_config(name, null, true) from unnest(array['row_security', 'synchronous_commit', 'statement_timeout',
        'lock_timeout', 'idle_in_transaction_session_timeout', 'transform_null_equals', 'array_nulls',
        'gin_fuzzy_search_limit']) name;
end $$;

-- A browser's request: session and address in, actor out, transaction bound, in one statement.
create function door.enter(token bytea, at_region text, at_slug text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
    s identity.session;
    p identity.person;
    answer jsonb;
begin
    perform door.calm();
    select * into s from identity.session x
        where x.hash = token and x.expires_at > now() and x.seen_at > now() - interval '60 minutes';
    if not found then return null; end if;
    answer := jsonb_build_object('session', s.data || jsonb_build_object('created_at', extract(epoch from s.created_at),
        'seen_at', extract(epoch from s.seen_at), 'fresh_at', extract(epoch from s.fresh_at)));
    select * into p from identity.person x
        where x.id = s.person_id and x.epoch = s.person_epoch and x.disabled_at is null;
    if not found then return answer; end if;
    answer := answer || jsonb_build_object('person_id', p.id, 'person_name', p.name);
    if at_region is null then return answer; end if;
    return answer || coalesce(door.admit(p.id, at_region, at_slug, s.created_at), '{}');
end $$;

-- A program's request: the key names person and tenant; the address must be that tenant's.
create function door.enter_key(token bytea, at_region text, at_slug text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
    k identity.api_key;
    p identity.person;
    answer jsonb;
begin
    perform door.calm();
    select * into k from identity.api_key x
        where x.hash = token and x.expires_at > now() and x.revoked_at is null;
    if not found then return null; end if;
    select * into p from identity.person x where x.id = k.person_id and x.disabled_at is null;
    if not found then return null; end if;
    answer := jsonb_build_object('person_id', p.id, 'person_name', p.name);
    if not exists (select from identity.tenant t
        where t.id = k.tenant_id and t.region = at_region and t.slug = at_slug) then return answer; end if;
    return answer || coalesce(door.admit(p.id, at_region, at_slug, k.created_at), '{}');
end $$;

-- A page that sends files: its pass stands for the session that asked for it, as long as that one would be let in.
create function door.enter_pass(token bytea, at_region text, at_slug text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare f identity.files_pass;
begin
    perform door.calm();
    select * into f from identity.files_pass x where x.hash = token;
    return door.enter(f.session_hash, at_region, at_slug) - 'session';
end $$;

-- A worker's effect: bound as the tenant the effect runs as, only while it is undone.
create function door.enter_job(as_tenant uuid, of_event uuid, by_handler text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare t identity.tenant;
begin
    perform door.calm();
    perform from ops.effect e where e.tenant_id = as_tenant and e.event_id = of_event
        and e.handler = by_handler and e.done_at is null and e.parked_at is null;
    if not found then return null; end if;
    select * into t from identity.tenant x where x.id = as_tenant;
    perform door.bind(t.id, null);
    return door.described(t) || '{"roles": ["system"]}';
end $$;

-- A calendar program reading a person's deadlines: the address names person and tenant, as long as it is not revoked and
-- she is a member; who reads it may only read.
create function door.enter_feed(token bytea) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
    f ops.calendar_feed;
    p identity.person;
    t identity.tenant;
begin
    perform door.calm();
    select * into f from ops.calendar_feed x where x.hash = token;
    if not found then return null; end if;
    select * into p from identity.person x where x.id = f.person_id and x.disabled_at is null;
    if not found then return null; end if;
    select * into t from identity.tenant x where x.id = f.tenant_id;
    return jsonb_build_object('person_id', p.id, 'person_name', p.name)
        || coalesce(door.admit(p.id, t.region, t.slug, f.made_at), '{}');
end $$;

-- A due duty: bound as the tenant whose duty it is, only while it is open and due.
create function door.enter_obligation(as_tenant uuid, of_obligation uuid, due_by timestamptz) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare t identity.tenant;
begin
    perform door.calm();
    perform from ops.obligation o where o.tenant_id = as_tenant and o.id = of_obligation
        and o.state = 'open' and o.due_at <= due_by;
    if not found then return null; end if;
    select * into t from identity.tenant x where x.id = as_tenant;
    perform door.bind(t.id, null);
    return door.described(t) || '{"roles": ["system"]}';
end $$;

-- An upload that never came to its end: bound as the tenant whose room it holds, while it holds it.
create function door.enter_sweep(as_tenant uuid, of_object uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare t identity.tenant;
begin
    perform door.calm();
    perform from ops.reservation r where r.tenant_id = as_tenant and r.object_id = of_object;
    if not found then return null; end if;
    select * into t from identity.tenant x where x.id = as_tenant;
    perform door.bind(t.id, null);
    return door.described(t) || '{"roles": ["system"]}';
end $$;

-- A comparison of store and books that fell due: bound as the tenant whose it is, only while it is under way.
create function door.enter_stocktake(as_tenant uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare t identity.tenant;
begin
    perform door.calm();
    perform from ops.quota q where q.tenant_id = as_tenant and q.check_open;
    if not found then return null; end if;
    select * into t from identity.tenant x where x.id = as_tenant;
    perform door.bind(t.id, null);
    return door.described(t) || '{"roles": ["system"]}';
end $$;

-- A tenant's turn of upkeep that fell due: bound as the tenant whose it is, only while it is under way.
create function door.enter_upkeep(as_tenant uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare t identity.tenant;
begin
    perform door.calm();
    perform from ops.quota q where q.tenant_id = as_tenant and q.upkeep_open;
    if not found then return null; end if;
    select * into t from identity.tenant x where x.id = as_tenant;
    perform door.bind(t.id, null);
    return door.described(t) || '{"roles": ["system"]}';
end $$;

-- The bound tenant's private key, wrapped by another of the installation's keys; only if it is still the one that was read.
create function door.rewrap_key(of_n integer, was bytea, becomes bytea, by_root text) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
    update keys.tenant_key k set wrapped = becomes, root = by_root
        where k.tenant_id = door.tenant() and k.n = of_n and k.wrapped = was and k.destroyed_at is null;
    return found;
end $$;

-- Let go the bound tenant's keys that a newer one has replaced for a day: by then nothing is sealed to them any more.
create function door.retire_keys() returns integer
language plpgsql security definer set search_path = '' as $$
declare gone integer;
begin
    delete from keys.tenant_key k where k.tenant_id = door.tenant() and k.destroyed_at is null and exists (
        select from keys.tenant_key newer where newer.tenant_id = k.tenant_id and newer.n > k.n
            and newer.destroyed_at is null and newer.created_at < now() - interval '1 day');
    get diagnostics gone = row_count;
    return gone;
end $$;

-- The operator destroys a tenant's keys, all of them and for good; the rows stay to say that they did.
create function door.destroy_keys(of_tenant uuid) returns integer
language plpgsql security definer set search_path = '' as $$
declare gone integer;
begin
    update keys.tenant_key k set wrapped = '', root = '', destroyed_at = now()
        where k.tenant_id = of_tenant and k.destroyed_at is null;
    get diagnostics gone = row_count;
    return gone;
end $$;

-- May the bound tenant hand something to `reader`? Its recipient, or a unit whose recipient it is.
create function door.may_send(reader uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
    return exists (select from identity.tenant t where t.id = door.tenant() and t.recipient_id = reader)
        or exists (select from identity.tenant t where t.id = reader and t.recipient_id = door.tenant());
end $$;

-- Effects of the bound tenant's own event that run as its reader.
create function door.emit(of_event uuid, to_reader uuid, handlers text[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
    if not door.may_send(to_reader) or not exists (select from ops.event e
        where e.tenant_id = door.tenant() and e.id = of_event and e.reader_id = to_reader) then
        raise insufficient_privilege using message = 'no such pair';
    end if;
    insert into ops.effect (tenant_id, event_id, handler, source_id)
        select to_reader, of_event, h, door.tenant() from unnest(handlers) h;
end $$;

-- The bound tenant, its recipient, and the units that send to it.
create function door.tenants() returns table (id uuid, region text, slug text, kind text, category text, name text,
    recipient_id uuid, zone text, settings jsonb)
language sql stable security definer set search_path = '' as $$
    with b as materialized (select door.tenant() as me) -- else it is asked anew for every row
    select t.id, t.region, t.slug, t.kind, t.category, t.name, t.recipient_id, t.zone, t.settings
    from identity.tenant t
    where t.disabled_at is null and (t.id = (select me from b) or t.recipient_id = (select me from b)
        or t.id = (select m.recipient_id from identity.tenant m where m.id = (select me from b)))
$$;

-- The bound tenant's own members; no stranger's name.
create function door.people() returns table (id uuid, name text, email text, "position" text, roles text[])
language sql stable security definer set search_path = '' as $$
    select p.id, p.name, p.email, p.position, array_agg(m.role order by m.role)
    from identity.membership m join identity.person p on p.id = m.person_id
    where m.tenant_id = (select door.tenant()) group by p.id
$$;

-- The newest public key of the bound tenant or of a counterpart it may send to.
create function door.public_key(of_tenant uuid) returns table (n integer, public bytea)
language plpgsql stable security definer set search_path = '' as $$
begin
    if of_tenant <> door.tenant() and not door.may_send(of_tenant) then
        raise insufficient_privilege using message = 'no such pair';
    end if;
    return query select k.n, k.public from keys.tenant_key k where k.tenant_id = of_tenant and k.destroyed_at is null
        order by k.n desc limit 1;
end $$;

-- The special days of the bound tenant and of its recipient, whose region it works in; its own come last.
create function door.days() returns table (day date, working boolean, reason text, own boolean)
language sql stable security definer set search_path = '' as $$
    select o.day, o.working, o.reason, false from ops.calendar_override o
    where o.tenant_id = (select t.recipient_id from identity.tenant t where t.id = (select door.tenant()))
    union all
    select o.day, o.working, o.reason, true from ops.calendar_override o where o.tenant_id = (select door.tenant())
    order by 4, 1
$$;

-- What the units below a central may store and do store: sizes, never what or how many.
create function door.rooms() returns table (id uuid, slug text, name text, cap bigint, used bigint, reserved bigint, own boolean)
language sql stable security definer set search_path = '' as $$
    select t.id, t.slug, t.name, q.cap, q.used, q.reserved, q.own
    from identity.tenant t join ops.quota q on q.tenant_id = t.id
    where t.disabled_at is null and t.parent_id = (select door.tenant())
$$;

-- The highest mark of fullness that so many bytes of so much room have passed.
create function door.mark(used bigint, cap bigint) returns integer
language sql immutable set search_path = '' as $$
    select case when used >= cap then 100 when used * 100 >= cap * 95 then 95 when used * 100 >= cap * 80 then 80 else 0 end
$$;

-- A central sets the storage limit of a unit below it; one at a time in a region, so that the pool is never overdrawn.
-- Answers why not: 'pool' when the region has no such room, 'used' when the unit already stores more.
create function door.set_cap(of_unit uuid, bytes bigint, is_own boolean) returns text
language plpgsql security definer set search_path = '' as $$
declare
    mine ops.quota;
    theirs ops.quota;
begin
    if not exists (select from identity.tenant t where t.id = of_unit and t.parent_id = door.tenant()) then
        raise insufficient_privilege using message = 'no such unit';
    end if;
    select * into mine from ops.quota q where q.tenant_id = door.tenant() for update;
    select * into theirs from ops.quota q where q.tenant_id = of_unit;
    if bytes > theirs.cap and bytes - theirs.cap + (select sum(q.cap) from ops.quota q
        join identity.tenant t on t.id = q.tenant_id where t.parent_id = mine.tenant_id) > mine.pool then
        return 'pool';
    end if;
    update ops.quota q set cap = bytes, own = is_own, told = least(q.told, door.mark(q.used, bytes))
        where q.tenant_id = of_unit and q.used + q.reserved <= bytes;
    return case when found then '' else 'used' end;
end $$;

-- A central sets what its units get that have no limit of their own; none falls below what it stores.
create function door.set_unit_cap(bytes bigint) returns text
language plpgsql security definer set search_path = '' as $$
declare mine ops.quota;
begin
    if not exists (select from identity.tenant t where t.id = door.tenant() and t.kind = 'central') then
        raise insufficient_privilege using message = 'no central';
    end if;
    select * into mine from ops.quota q where q.tenant_id = door.tenant() for update;
    if (select sum(case when q.own then q.cap else greatest(bytes, q.used + q.reserved) end) from ops.quota q
        join identity.tenant t on t.id = q.tenant_id where t.parent_id = mine.tenant_id) > mine.pool then
        return 'pool';
    end if;
    update ops.quota q set unit_cap = bytes where q.tenant_id = mine.tenant_id;
    update ops.quota q set cap = greatest(bytes, q.used + q.reserved),
        told = least(q.told, door.mark(q.used, greatest(bytes, q.used + q.reserved)))
        from identity.tenant t where t.id = q.tenant_id and t.parent_id = mine.tenant_id and not q.own;
    return '';
end $$;

-- A central adds a unit below itself, in its own region, with its key pair and its storage; never another central, and
-- no more units than a region can have.
create function door.add_unit(new_id uuid, new_slug text, of_kind text, called text, public bytea, wrapped bytea,
    bytes bigint, chosen jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
    me identity.tenant;
    mine ops.quota;
begin
    select * into me from identity.tenant t where t.id = door.tenant() and t.kind = 'central' and t.disabled_at is null;
    if not found or of_kind not in ('SKPD', 'BUMD', 'KPU')
        or (select count(*) from identity.tenant t where t.parent_id = me.id) >= 500 then
        raise insufficient_privilege using message = 'no unit may be added here';
    end if;
    insert into identity.tenant (id, region, slug, kind, category, name, parent_id, recipient_id, zone, settings)
        values (new_id, me.region, new_slug, 'unit', of_kind, called, me.id, me.id, me.zone, chosen);
    insert into keys.tenant_key (tenant_id, n, public, wrapped) values (new_id, 1, public, wrapped);
    select * into mine from ops.quota q where q.tenant_id = me.id for update;
    insert into ops.quota (tenant_id, cap) select new_id, greatest(0, least(coalesce(mine.unit_cap, bytes), mine.pool
        - coalesce((select sum(q.cap) from ops.quota q join identity.tenant t on t.id = q.tenant_id
            where t.parent_id = me.id), 0)));
end $$;

-- A sign-in as a fact of every tenant the person belongs to, told from within the identity transaction, with what must
-- follow from it there. No bell is rung: the relay finds the effects.
create function door.sign_in_event(who uuid, what text, at timestamptz, handlers text[]) returns void
language sql security definer set search_path = '' as $$
    with told as (
        insert into ops.event (tenant_id, id, kind, subject, actor, actor_name, at, data)
        select distinct on (m.tenant_id) m.tenant_id, gen_random_uuid(), 'account.' || what, p.id, p.id, p.name, at,
            '{}'::jsonb
        from identity.membership m join identity.person p on p.id = m.person_id where p.id = who
        returning tenant_id, id)
    insert into ops.effect (tenant_id, event_id, handler, source_id)
        select t.tenant_id, t.id, h, t.tenant_id from told t, unnest(handlers) h
$$;

-- The spaces of a signed-in person, for her first page and the switcher.
create function door.spaces(token bytea) returns table (region text, slug text, kind text, name text, roles text[])
language sql stable security definer set search_path = '' as $$
    select t.region, t.slug, t.kind, t.name, array_agg(m.role order by m.role)
    from identity.session s
    join identity.person p on p.id = s.person_id and p.epoch = s.person_epoch and p.disabled_at is null
    join identity.membership m on m.person_id = p.id
    join identity.tenant t on t.id = m.tenant_id and t.disabled_at is null
    where s.hash = token and s.expires_at > now() and s.seen_at > now() - interval '60 minutes'
    group by t.id order by t.kind, t.name
$$;

-- Where a short link leads, told to a member of the tenant it points into; nobody else learns that it exists.
create function door.follow(token bytea, of_code text) returns table (region text, slug text, kind text, path text)
language sql stable security definer set search_path = '' as $$
    select t.region, t.slug, t.kind, l.path
    from identity.session s
    join identity.person p on p.id = s.person_id and p.epoch = s.person_epoch and p.disabled_at is null
    join identity.membership m on m.person_id = p.id
    join identity.tenant t on t.id = m.tenant_id and t.disabled_at is null and t.sessions_from <= s.created_at
    join ops.link l on l.tenant_id = t.id and l.code = of_code
    where s.hash = token and s.expires_at > now() and s.seen_at > now() - interval '60 minutes'
    limit 1
$$;

revoke all on all functions in schema door from public;
grant execute on function door.tenant(), door.enter(bytea, text, text), door.enter_key(bytea, text, text), door.enter_pass(bytea, text, text),
    door.enter_feed(bytea), door.enter_job(uuid, uuid, text), door.enter_obligation(uuid, uuid, timestamptz), door.enter_sweep(uuid, uuid), door.enter_stocktake(uuid), door.enter_upkeep(uuid),
    door.rewrap_key(integer, bytea, bytea, text), door.retire_keys(), door.may_send(uuid),
    door.emit(uuid, uuid, text[]), door.tenants(), door.people(), door.public_key(uuid), door.days(), door.rooms(), door.set_cap(uuid, bigint, boolean), door.set_unit_cap(bigint),
    door.add_unit(uuid, text, text, text, bytea, bytea, bigint, jsonb),
    door.spaces(bytea), door.follow(bytea, text) to app_tenant;
grant execute on function door.enter(bytea, text, text), door.tenant(), door.mark(bigint, bigint), door.destroy_keys(uuid) to platform;
grant execute on function door.sign_in_event(uuid, text, timestamptz, text[]) to app_identity;
grant execute on function door.tenant(), door.may_send(uuid) to owner;
