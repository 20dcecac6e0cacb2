"""The page of a job someone waits for, in unit and central alike, and the fragment that follows it. Knows no slice."""

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from jinja2_fragments.flask import render_block

from ppid_saas.access.sayings import counted, recalled, say
from ppid_saas.events import queries, service
from ppid_saas.events.models import Job
from ppid_saas.web.addresses import stay
from tenants import clock

bp = Blueprint("job_pages", __name__)
bp.url_defaults(stay)

PLACES = ("/<region>/u/<unit>/pekerjaan/<uuid:job_id>", "/<region>/pusat/pekerjaan/<uuid:job_id>")
STATES = {
    "queued": "waiting",
    "running": "running",
    "done": "finished",
    "failed": "failed",
    "cancelled": "cancelled",
}
TITLES = {"finished": say("Selesai"), "failed": say("Belum berhasil"), "cancelled": say("Dibatalkan")}
UNDER_WAY = say("Sedang dikerjakan")
SOON, LATER = 2, 5
PATIENCE_SECONDS = 30
MINUTE = 60
QUARTER = 25
KEPT = say("Yang sudah tersimpan tetap aman.")
# What a job wrote down about itself, with places; everything else it writes has none.
WRITTEN = (
    say("Memeriksa baris %(done)s dari %(total)s"),
    say("Membuat berkas %(format)s"),
    say("Berkas %(size)s, sisa kuota %(left)s."),
)


def _elapsed(job: Job) -> int:
    return max(0, int(((job.finished_at or clock.now()) - job.created_at).total_seconds()))


def _elapsed_words(seconds: int) -> str:
    minutes, rest = divmod(seconds, MINUTE)
    return (
        say("%(minutes)s menit %(seconds)s detik", minutes=minutes, seconds=rest)
        if minutes
        else counted("%(num)s detik", rest)
    )


def _announced(job: Job) -> str:
    """Say the progress aloud in quarters only."""
    quarter = job.done * 100 // job.total // QUARTER * QUARTER if job.total else 0
    return say("%(n)s persen", n=quarter) if quarter else ""


def _shown(job: Job) -> dict[str, Any]:
    seconds = _elapsed(job)
    ended = job.finished_at is not None
    return {
        "state": STATES[job.state], "title": TITLES.get(STATES[job.state], UNDER_WAY), "step": recalled(job.step, WRITTEN), "done": job.done, "total": job.total,
        "elapsed": _elapsed_words(seconds), "poll_seconds": SOON if seconds < PATIENCE_SECONDS else LATER,
        "url": url_for("job_pages.job", job_id=job.id), "fragment_url": url_for("job_pages.step", job_id=job.id),
        "cancel_url": "" if ended or job.cancel else url_for("job_pages.cancel", job_id=job.id),
        "result_url": job.next_path, "result_label": say("Lanjut"), "result_text": say("Pekerjaan ini sudah selesai."),
        "kept": recalled(job.error, WRITTEN) if job.error else KEPT, "reference": str(job.id)[-8:] if job.state == "failed" else "",
        "announce": say("Selesai") if job.state == "done" else _announced(job),
    }  # fmt: skip


def job(job_id: UUID, **_: str) -> ResponseReturnValue:
    """The page: progress now, refreshing itself with or without JavaScript."""
    return render_template("jobs/job.html", job=_shown(queries.job(job_id)))


def step(job_id: UUID, **_: str) -> ResponseReturnValue:
    """The fragment the page asks for; that of ended work asks no more, and brings who waited to what came of it."""
    found = queries.job(job_id)
    answer = make_response(render_block("jobs/job.html", "state", job=_shown(found), fragment=True))
    if found.state == "done" and found.next_path:
        answer.headers["HX-Redirect"] = found.next_path
    return answer


def cancel(job_id: UUID, **_: str) -> ResponseReturnValue:
    """Ask the job to stop at its next step."""
    service.cancel_job(job_id)
    return redirect(url_for("job_pages.job", job_id=job_id), 303)


for place in PLACES:
    bp.add_url_rule(place, "job", job)
    bp.add_url_rule(f"{place}/langkah", "step", step)
    bp.add_url_rule(f"{place}/batal", "cancel", cancel, methods=["POST"])
