"""The one condition under which a submission no longer counts: its unit took it back."""

from sqlalchemy import ColumnElement, select

from ppid_saas.submissions.models import Submission, Withdrawal


def is_withdrawn() -> ColumnElement[bool]:
    """Say of a submission, for either side, whether its unit withdrew it."""
    mine = Withdrawal.writer_id == Submission.writer_id, Withdrawal.reader_id == Submission.reader_id
    named = select(Withdrawal.submission_id).where(*mine, Withdrawal.submission_id == Submission.id)
    return named.correlate(Submission).exists()
