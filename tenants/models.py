"""Tables of the ground itself: wrapped tenant keys (plane keys) and the storage ledger (plane ops)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

KEYS = {"schema": "keys"}
OPS = {"schema": "ops"}


class TenantKey(TenantOwned, Model):
    """A tenant's key pair: data keys are sealed to `public`; `wrapped` is its private part under the installation's key."""

    __tablename__ = "tenant_key"
    __table_args__ = KEYS

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public: Mapped[bytes]
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Quota(TenantOwned, Model):
    """What a tenant may store and does store, in bytes as stored."""

    __tablename__ = "quota"
    __table_args__ = (
        CheckConstraint("used >= 0 and reserved >= 0 and used + reserved <= cap", name="quota_within_cap"),
        OPS,
    )

    cap: Mapped[int] = mapped_column(BigInteger())
    used: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"), default=0)
    reserved: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"), default=0)


class Reservation(TenantOwned, Model):
    """Room held for an upload under way; the sweeper releases it after `expires_at`."""

    __tablename__ = "reservation"
    __table_args__ = (Index("reservation_expiry", "expires_at"), OPS)

    id: Mapped[UUID] = id_column()
    bytes: Mapped[int] = mapped_column(BigInteger())
    bucket: Mapped[str]
    object_id: Mapped[UUID]
    expires_at: Mapped[datetime]


class Ledger(TenantOwned, Model):
    """Every byte gained or released, with its cause; never changed."""

    __tablename__ = "ledger"
    __table_args__ = OPS

    id: Mapped[UUID] = id_column()
    delta: Mapped[int] = mapped_column(BigInteger())
    cause: Mapped[str]
    object_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
