"""Tables of the ground itself: wrapped tenant keys (plane keys) and the storage ledger (plane ops)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

KEYS = {"schema": "keys"}
OPS = {"schema": "ops"}


class TenantKey(TenantOwned, Model):
    """A tenant's key pair: data keys are sealed to `public`; `wrapped` is its private part under the installation's key.

    `root` names the installation's key that wrapped it, empty when nobody looked yet. A destroyed key keeps its row with
    nothing in `wrapped`: so a restore of an older backup knows that it must not come back.
    """

    __tablename__ = "tenant_key"
    __table_args__ = KEYS

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public: Mapped[bytes]
    wrapped: Mapped[bytes]
    root: Mapped[str] = mapped_column(server_default=text("''"), default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    destroyed_at: Mapped[datetime | None]


class Quota(TenantOwned, Model):
    """What a tenant may store and does store, in bytes as stored.

    `own` says that its cap was set for it alone; else it follows the central's `unit_cap`. `pool` is what a central may
    give its units in all. `told` is the last mark of fullness that was announced. `check_at` is when store and books are
    compared next, `check_open` while that is under way, and `allowed` how many strays that may remove against its habit.
    `upkeep_at` and `upkeep_open` say the same of the tenant's turn of upkeep: keys sealed anew, objects read again.
    """

    __tablename__ = "quota"
    __table_args__ = (
        CheckConstraint("used >= 0 and reserved >= 0 and used + reserved <= cap", name="quota_within_cap"),
        Index("quota_check", "check_at"),
        Index("quota_upkeep", "upkeep_at"),
        OPS,
    )

    cap: Mapped[int] = mapped_column(BigInteger())
    used: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"), default=0)
    reserved: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"), default=0)
    own: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    unit_cap: Mapped[int | None] = mapped_column(BigInteger())
    pool: Mapped[int | None] = mapped_column(BigInteger())
    told: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    check_at: Mapped[datetime] = mapped_column(server_default=text("now() + interval '1 day'"))
    check_open: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    allowed: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    upkeep_at: Mapped[datetime] = mapped_column(
        server_default=text("now() + interval '1 day' * (0.5 + random())")
    )
    upkeep_open: Mapped[bool] = mapped_column(server_default=text("false"), default=False)


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


class Stray(TenantOwned, Model):
    """An object in the store that no row, no charge and no reservation knows; it goes when it still is one a day later."""

    __tablename__ = "stray"
    __table_args__ = OPS

    bucket: Mapped[str] = mapped_column(primary_key=True)
    object_id: Mapped[UUID] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Stocktake(TenantOwned, Model):
    """What one comparison of store, ledger and rows found, in numbers alone."""

    __tablename__ = "stocktake"
    __table_args__ = OPS

    id: Mapped[UUID] = id_column()
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    state: Mapped[str]
    objects: Mapped[int]
    missing: Mapped[int]
    differing: Mapped[int]
    uncharged: Mapped[int]
    unheld: Mapped[int]
    strays: Mapped[int]
    removed: Mapped[int]
    drift: Mapped[int] = mapped_column(BigInteger())


class Fixity(TenantOwned, Model):
    """When an object was last read again and whether it was whole; `told` says that its damage was announced."""

    __tablename__ = "fixity"
    __table_args__ = (
        Index("fixity_damaged", "tenant_id", postgresql_where=text("state <> 'whole'")),
        OPS,
    )

    object_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    checked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    told: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
