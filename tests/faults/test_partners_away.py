"""What is told and kept while a partner is away: a pause is no fault of the work, and nobody waits for it twice."""

import errno
import io
import smtplib
import time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from ppid_saas.documents import service as documents
from ppid_saas.events import service as events
from ppid_saas.events.handlers import HANDLERS, Handler
from ppid_saas.events.models import Effect, Seal
from ppid_saas.events.partners import is_away
from tenants import quota, vault
from tenants.db import db
from tenants.vault import StoreAwayError, store
from tests.fixtures.forms import token_of
from tests.fixtures.world import PASSWORD, World, email_of
from tests.prove._outages_proxy import BROKEN, SILENT, proxied
from tests.vault.storage import Outside

GONE = (StoreAwayError(), ConnectionRefusedError(), TimeoutError(), smtplib.SMTPServerDisconnected())
OWN = (ValueError(), KeyError(), FileNotFoundError(), smtplib.SMTPRecipientsRefused({}))


def test_absence_is_told_from_poison() -> None:
    away = OperationalError("select 1", {}, Exception())
    assert all(is_away(error) for error in (*GONE, away, OSError(errno.ENOSPC, "full")))
    assert not any(is_away(error) for error in OWN)


@pytest.fixture
def who(fresh_world: World) -> str:
    return next(person for person in fresh_world.people if person.startswith("petugas.dinkes@"))


def test_an_effect_that_waits_for_a_partner_is_never_parked(
    fresh_world: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: Any) -> None:
        raise StoreAwayError

    monkeypatch.setitem(HANDLERS, "uji.away", Handler("uji.away", "uji.sent", away, False, True, 60))
    with fresh_world.acting(who):
        event = _happen()
    for _ in range(events.MAX_ATTEMPTS + 2):
        with fresh_world.app().app_context(), pytest.raises(StoreAwayError):
            events.run_effect(fresh_world.tenant(who), event, "uji.away")
    with fresh_world.acting(who):
        effect = db.session.execute(select(Effect).where(Effect.handler == "uji.away")).scalar_one()
    assert (effect.attempt, effect.parked_at, effect.error) == (0, None, "StoreAwayError")


@events.command("item.write")
def _happen() -> UUID:
    return events.record("uji.sent").id


@pytest.mark.parametrize("mode", [BROKEN, SILENT])
def test_a_store_that_is_away_is_waited_for_once(
    fresh_world: World, who: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenants.vault.store.ANSWER_SECONDS", 0.5)
    settings, unit = fresh_world.settings, fresh_world.tenant(who)
    upstream = int(settings.s3.endpoint_url.rpartition(":")[2])
    with proxied() as (proxy, port), fresh_world.acting(who):
        proxy.upstream, proxy.mode = upstream, mode
        _through(fresh_world.app(), settings, port, monkeypatch)
        began = time.monotonic()
        with pytest.raises(StoreAwayError):
            vault.put(b"isi", bucket="exempt", purpose="uji", media_type="text/plain")
        assert time.monotonic() - began < 4
        assert proxy.upset == 2  # both of them the upload: nothing was asked to be taken back
    outside = Outside(settings)
    used, reserved = outside.figures(unit)
    assert (used, reserved > 0) == (0, True)
    [(soon,)] = outside.sql(
        "select expires_at < now() + interval '6 minutes' from ops.reservation where tenant_id = %s", unit
    )
    assert soon


def _through(app: Flask, settings: Any, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lead this app's vault through the proxy for the length of a test."""
    from dataclasses import replace

    found = app.extensions["vault"]
    access = replace(settings.s3, endpoint_url=f"http://127.0.0.1:{port}")
    monkeypatch.setitem(app.extensions, "vault", replace(found, store=replace(found.store, access=access)))


def test_a_postponed_upload_can_be_committed_no_more(fresh_world: World, who: str) -> None:
    with fresh_world.acting(who):
        held = quota.reserve(10, "exempt", UUID(int=1))
        assert quota.postpone(held)
        assert not quota.postpone(held)
        assert not quota.release(held)
        assert quota.usage().reserved == 10


def test_a_full_disk_is_told_as_such_and_not_as_an_object_that_is_damaged(
    fresh_world: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fresh_world.acting(who), documents.staging("attachment", "a.txt", b"isi", "text/plain") as staged:
        stored = documents.keep(staged)

    class Full(io.BytesIO):
        def write(self, _: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "new_spool", Full)
    with fresh_world.acting(who), pytest.raises(OSError, match="No space left"):
        documents.open_document(stored)


@pytest.mark.parametrize(("error", "status"), [(errno.ENOSPC, 503), (errno.EDQUOT, 503), (errno.EIO, 500)])
def test_a_full_disk_is_a_pause_for_people(
    fresh_world: World, who: str, error: int, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(error, "disk")

    monkeypatch.setattr("ppid_saas.documents.queries.count", full)
    answer = fresh_world.client(who).get(f"{fresh_world.path(who)}/berkas")
    assert answer.status_code == status


def test_a_session_that_cannot_be_kept_is_a_pause_too(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = fresh_world.app()
    client = app.test_client()

    def lost(*_: Any, **__: Any) -> None:
        raise OperationalError("insert", {}, Exception())

    monkeypatch.setattr("tenants.http.create_session", lost)
    answer = client.get("/masuk")
    assert answer.status_code == 503
    assert "Layanan sedang tidak tersedia" in answer.get_data(as_text=True)


def test_a_sign_in_is_sealed_like_any_other_fact(fresh_world: World, who: str) -> None:
    from ppid_saas.accounts.service import store_password
    from tenants.http import identity

    with fresh_world.app().app_context(), identity() as connection:
        store_password(connection, fresh_world.people[who], PASSWORD)
    client = fresh_world.client()
    form = {"csrf_token": token_of(client, "/masuk"), "email": email_of(who), "password": PASSWORD}
    assert client.post("/masuk", data=form).status_code == 303
    fresh_world.drain()
    with fresh_world.acting(who):
        sealed = db.session.execute(
            select(Seal).where(
                Seal.event_id.in_(text("select id from ops.event where kind = 'account.signed_in'"))
            )
        ).all()
    assert len(sealed) == 1
