"""The one condition under which a submission no longer counts: its unit took it back."""

from sqlalchemy import ColumnElement, and_, select

from ppid_saas.submissions.models import Submission, Withdrawal


def taken_back() -> ColumnElement[bool]:
    """Join a submission with its withdrawal, where there is one."""
    return and_(
        Withdrawal.writer_id == Submission.writer_id,
        Withdrawal.reader_id == Submission.reader_id,
        Withdrawal.submission_id == Submission.id,
    )


def is_withdrawn() -> ColumnElement[bool]:
    """Say of a submission, for either side, whether its unit withdrew it."""
    named = select(Withdrawal.submission_id).where(taken_back())
    return named.correlate(Submission).exists()
