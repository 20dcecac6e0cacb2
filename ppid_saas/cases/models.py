"""Plane work: SOP cases; plane ops: calendars and obligations. Dates are dates, never browser instants."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, TenantOwned, id_column

WORK = {"schema": "work"}
OPS = {"schema": "ops"}
MORNING = "notices.morning"  # the duty of a tenant's next morning: nobody's work, but it falls due like one


class Case(TenantOwned, Model):
    """One walk through an SOP. It keeps the version it began with."""

    __tablename__ = "case"
    __table_args__ = (UniqueConstraint("tenant_id", "subject_kind", "subject_id"), WORK)

    id: Mapped[UUID] = id_column()
    sop: Mapped[str]
    sop_version: Mapped[int]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    state: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Obligation(TenantOwned, Model):
    """A duty with a due date: start, n working days, calendar version and the source that says so."""

    __tablename__ = "obligation"
    __table_args__ = (
        Index("obligation_due", "due_at", postgresql_where=text("state = 'open'")),
        Index("obligation_subject", "tenant_id", "subject"),
        OPS,
    )

    id: Mapped[UUID] = id_column()
    kind: Mapped[str]
    subject: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    starts_on: Mapped[date]
    n: Mapped[int]
    due_on: Mapped[date]
    due_at: Mapped[datetime]
    calendar_version: Mapped[str]
    source: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'open'"), default="open")
    settled_at: Mapped[datetime | None]
    # how its day is counted: `forward` from starts_on, `backward` from anchor, or `fixed` by a window or a period
    counted: Mapped[str] = mapped_column(server_default=text("'forward'"), default="forward")
    anchor: Mapped[date | None]
    # working days for which its clock stood still, and who stopped it now
    held: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    paused_on: Mapped[date | None]
    paused_by: Mapped[str] = mapped_column(server_default=text("''"), default="")
    pause_reason: Mapped[str] = mapped_column(server_default=text("''"), default="")


class ObligationEffect(TenantOwned, Model):
    """What a due obligation brought about, exactly once, dated on the due day."""

    __tablename__ = "obligation_effect"
    __table_args__ = OPS

    obligation_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    due_on: Mapped[date]


class CalendarFeed(TenantOwned, Model):
    """A person's address from which a calendar program reads her deadlines here; only its hash is kept, and it can be revoked."""

    __tablename__ = "calendar_feed"
    __table_args__ = (Index("calendar_feed_hash", "hash"), OPS)

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[bytes]
    made_at: Mapped[datetime]


class CalendarEdition(Model):
    """A version of the national calendar, by the decree that set it."""

    __tablename__ = "calendar"
    __table_args__ = OPS

    version: Mapped[str] = mapped_column(primary_key=True)
    decree: Mapped[str]
    decreed_through: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CalendarDay(Model):
    """A closed day of a calendar version: `public` (libur nasional) or `government` (cuti bersama)."""

    __tablename__ = "calendar_day"
    __table_args__ = OPS

    version: Mapped[str] = mapped_column(ForeignKey("ops.calendar.version"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    category: Mapped[str]
    name: Mapped[str]


class CalendarOverride(TenantOwned, Model):
    """A tenant's own exception: a local holiday, or a day that is worked after all."""

    __tablename__ = "calendar_override"
    __table_args__ = OPS

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    reason: Mapped[str]
