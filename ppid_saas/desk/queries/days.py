"""The bound tenant's calendar and today, read once for a whole page of deadlines. Decides nothing."""

from dataclasses import dataclass
from datetime import date

from ppid_saas.access.verbs import actor
from ppid_saas.cases.queries import calendar_for_tenant
from ppid_saas.cases.rules import NO_LIMIT, Chip, chip
from ppid_saas.workdays.calendar import Calendar
from ppid_saas.workdays.counting import add_working_days, working_days_between
from tenants import clock


@dataclass(frozen=True)
class Days:
    """Today on the tenant's wall, and its calendar."""

    calendar: Calendar
    today: date

    def chip(self, due_on: date | None, since: date | None = None) -> Chip:
        """Return the chip of a due day; its bands follow the working days since the first day."""
        if due_on is None:
            return NO_LIMIT
        n = working_days_between(self.calendar, since or self.today, due_on)
        return chip(self.calendar, due_on, max(n, 1), self.today)

    def within(self, due_on: date, n: int) -> Chip:
        """Return the chip of a day one was to hear of n working days before."""
        return chip(self.calendar, due_on, n, self.today)

    def ahead(self, n: int) -> date:
        """Return the day n working days from today."""
        return add_working_days(self.calendar, self.today, n)


def days() -> Days:
    """Read them."""
    return Days(calendar_for_tenant(), clock.today(actor().zone))
