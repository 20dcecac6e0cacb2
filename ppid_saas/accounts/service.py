"""Sign in and out, accept an invitation, invite a member. Everything in plane identity happens here, as app_identity."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from ppid_saas.access.errors import InvalidError, NotFoundError, TooManyError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor, command
from ppid_saas.accounts.passwords import hash_password, matches, needs_rehash, problem_with
from ppid_saas.events.handlers import names_for
from ppid_saas.events.service import record
from tenants import clock, context
from tenants.db import new_id
from tenants.http import create_session, hash_token, identity, make_fresh, new_token

WINDOW = timedelta(minutes=15)
ACCOUNT_FAILURES = 5
ADDRESS_FAILURES = 50
INVITATION_LIFE = timedelta(days=14)
WRONG = say("Surel atau kata sandi tidak cocok.")
NOT_YOURS = say("Kata sandi tidak cocok.")
FORGET_FAILURES = text("delete from identity.sign_in_attempt where key = any(:keys)")


def sign_in(email: str, password: str, address: str) -> str:
    """Return the token of a new session. Fails closed: a lost database or a full counter lets nobody in."""
    keys = _counters(email, address)
    with identity() as connection:
        _refuse_when_full(connection, keys)
        person = _person_with_password(connection, email)
    if not matches(person.secret if person else None, password) or person is None:
        _count_failure(keys, person)
        raise InvalidError(WRONG, {"email": [WRONG]})
    token = new_token()
    with identity() as connection:
        connection.execute(FORGET_FAILURES, {"keys": [next(iter(keys))]})
        if needs_rehash(person.secret):
            store_password(connection, person.id, password)
        _open_session(connection, token, person.id)
    return token


def confirm_password(token: str, person_id: UUID, password: str, address: str) -> None:
    """Let a signed-in person prove again who she is; wrong tries count like those of signing in."""
    with identity() as connection:
        email = connection.execute(
            text("select email from identity.person where id = :id"), {"id": person_id}
        ).scalar_one()
        keys = _counters(email, address)
        _refuse_when_full(connection, keys)
        person = _person_with_password(connection, email)
    if person is None or not matches(person.secret, password):
        _count_failure(keys, person)
        raise InvalidError(NOT_YOURS, {"password": [NOT_YOURS]})
    with identity() as connection:
        connection.execute(FORGET_FAILURES, {"keys": [next(iter(keys))]})
        make_fresh(connection, token)


def _counters(email: str, address: str) -> dict[bytes, int]:
    """Return the counters a try goes by, that of the account first, each with its limit."""
    return {
        _counter_key("account", email.lower()): ACCOUNT_FAILURES,
        _counter_key("address", address): ADDRESS_FAILURES,
    }


def _open_session(connection: Connection, token: str, person_id: UUID) -> None:
    create_session(connection, token, {}, person_id)
    _tell(connection, person_id, "signed_in")


def _tell(connection: Connection, person_id: UUID, what: str) -> None:
    connection.execute(
        text("select door.sign_in_event(:person, :what, :at, :handlers)"),
        {
            "person": person_id,
            "what": what,
            "at": clock.now(),
            "handlers": names_for(f"account.{what}", for_reader=False),
        },
    )


def _counter_key(kind: str, value: str) -> bytes:
    return hashlib.sha256(f"{kind}:{value}".encode()).digest()


def _refuse_when_full(connection: Connection, keys: dict[bytes, int]) -> None:
    for key, limit in keys.items():
        row = connection.execute(
            text(
                "select failures, extract(epoch from window_ends_at - now()) as left from identity.sign_in_attempt"
                " where key = :key and window_ends_at > now()"
            ),
            {"key": key},
        ).first()
        if row is not None and row.failures >= limit:
            minutes = int(row.left // 60) + 1
            raise TooManyError(
                counted("Terlalu banyak percobaan masuk. Coba lagi dalam %(num)s menit.", minutes)
            )


def _count_failure(keys: dict[bytes, int], person: Row[Any] | None) -> None:
    with identity() as connection:
        for key in keys:
            connection.execute(
                text(
                    "insert into identity.sign_in_attempt as a (key, failures, window_ends_at) values (:key, 1, now() + :window)"
                    " on conflict (key) do update set"
                    " failures = case when a.window_ends_at < now() then 1 else a.failures + 1 end,"
                    " window_ends_at = case when a.window_ends_at < now() then now() + :window else a.window_ends_at end"
                ),
                {"key": key, "window": WINDOW},
            )
        if person is not None:
            _tell(connection, person.id, "sign_in_failed")


def _person_with_password(connection: Connection, email: str) -> Row[Any] | None:
    return connection.execute(
        text(
            "select p.id, c.secret from identity.person p"
            " join identity.credential c on c.person_id = p.id and c.kind = 'password'"
            " where lower(p.email) = lower(:email) and p.disabled_at is null"
        ),
        {"email": email.strip()},
    ).first()


def store_password(connection: Connection, person_id: UUID, password: str) -> None:
    """Set a person's password, hashed."""
    connection.execute(
        text(
            "insert into identity.credential (person_id, kind, secret) values (:person, 'password', :secret)"
            " on conflict (person_id, kind) do update set secret = excluded.secret, changed_at = now()"
        ),
        {"person": person_id, "secret": hash_password(password)},
    )


def sign_out(token: str) -> None:
    """End one session."""
    with identity() as connection:
        connection.execute(
            text("delete from identity.session where hash = :hash"), {"hash": hash_token(token)}
        )


def invited(token: str) -> Row[Any]:
    """Return person, email, space, role and last day of a live invitation, or raise NotFoundError."""
    with identity() as connection:
        row = connection.execute(
            text(
                "select p.name as person, p.email, t.name as space, i.expires_at as expires_on,"
                " (select array_agg(m.role order by m.role) from identity.membership m"
                " where m.person_id = p.id and m.tenant_id = t.id) as roles from identity.invitation i"
                " join identity.person p on p.id = i.person_id join identity.tenant t on t.id = i.tenant_id"
                " where i.hash = :hash and i.used_at is null and i.expires_at > now()"
            ),
            {"hash": hash_token(token)},
        ).first()
    if row is None:
        raise NotFoundError(
            "Undangan ini sudah dipakai atau kedaluwarsa. Minta undangan baru kepada admin unit Anda."
        )
    return row


def accept_invitation(token: str, password: str) -> str:
    """Set the password of an invited person and return the token of her first session. A link works once."""
    problem = problem_with(password, invited(token).email)
    if problem:
        raise InvalidError(problem, {"password": [problem]})
    session = new_token()
    with identity() as connection:
        person = connection.execute(
            text(
                "update identity.invitation set used_at = now()"
                " where hash = :hash and used_at is null and expires_at > now() returning person_id"
            ),
            {"hash": hash_token(token)},
        ).scalar()
        if person is None:
            raise NotFoundError("Undangan ini baru saja dipakai. Silakan masuk dengan kata sandi Anda.")
        store_password(connection, person, password)
        connection.execute(
            text(
                "update identity.invitation set expires_at = now() where person_id = :person and used_at is null"
            ),
            {"person": person},
        )
        connection.execute(
            text("update identity.person set epoch = epoch + 1 where id = :person"), {"person": person}
        )
        _open_session(connection, session, person)
    return session


def roles_of(kind: str, category: str) -> frozenset[str]:
    """Return the roles a kind of tenant has: board, superior and Pembina sit at the central, and in a KPU office itself."""
    above = {"board_member", "superior", "pembina"}
    if kind == "central":
        return frozenset({"tenant_admin", "central_officer", "central_head", "auditor"} | above)
    unit = {"tenant_admin", "unit_officer", "unit_head", "auditor"}
    return frozenset(unit | above if category == "KPU" else unit)


@command("member.invite")
def invite(name: str, email: str, role: str) -> UUID:
    """Give a person a role in the bound tenant; the link goes out by mail. Returns the person's id."""
    who = actor()
    if role not in roles_of(who.kind, who.category):
        raise InvalidError("Peran tidak dikenal.", {"role": [say("Pilih salah satu peran.")]})
    return give_role(name, email, role)


def give_role(name: str, email: str, role: str) -> UUID:
    """Give a person a role in the bound tenant and have her invited; joins a running command that checked the role."""
    with identity() as connection:
        person = add_person(connection, email, name)
        connection.execute(
            text(
                "insert into identity.membership (person_id, tenant_id, role) values (:person, :tenant, :role)"
                " on conflict do nothing"
            ),
            {"person": person, "tenant": context.tenant_id(), "role": role},
        )
    record("member.invited", person, {"role": role})
    return person


def add_person(connection: Connection, email: str, name: str, position: str = "") -> UUID:
    """Return the person with this email, created when new."""
    row = connection.execute(
        text(
            "insert into identity.person (id, email, name, position) values (:id, :email, :name, :position)"
            " on conflict ((lower(email))) do nothing returning id"
        ),
        {"id": new_id(), "email": email.strip(), "name": name.strip(), "position": position},
    ).scalar()
    if row is None:
        find = text("select id from identity.person where lower(email) = lower(:email)")
        row = connection.execute(find, {"email": email.strip()}).scalar_one()
    return UUID(str(row))


def make_invitation(
    connection: Connection, person: UUID, tenant: UUID, token: str = "", *, beside: bool = False
) -> str:
    """Return the token of a fresh one-time link; earlier unused links die, but for those of `tenant` when `beside`."""
    token = token or new_token()
    connection.execute(
        text(
            "update identity.invitation set expires_at = now() where person_id = :person and used_at is null"
            " and not (:beside and tenant_id = :tenant)"
        ),
        {"person": person, "tenant": tenant, "beside": beside},
    )
    connection.execute(
        text(
            "insert into identity.invitation (hash, person_id, tenant_id, expires_at)"
            " values (:hash, :person, :tenant, now() + :life)"
        ),
        {"hash": hash_token(token), "person": person, "tenant": tenant, "life": INVITATION_LIFE},
    )
    return token
