"""What follows at the unit from what the central did: its deadline, its reopened items, and mails that say so."""

from ppid_saas.accounts.letters import write_to
from ppid_saas.cases import service as cases
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.register.service import mark_returned, unlock_submitted
from ppid_saas.submissions import handovers, holding_back, letters  # noqa: F401  # registers its keeper
from ppid_saas.submissions.queries import unit
from ppid_saas.submissions.service import SUBMISSION_DUE, ask_in_open_windows
from ppid_saas.web.formats import long_date

SENDERS = frozenset({"unit_officer", "unit_head"})


@handles("collection.opened", "submissions.owe", for_reader=True)
def owe_submission(event: Event) -> None:
    """Owe the submission until the day the central set, unless it was handed in already."""
    if event.subject is None or unit.submissions(event.subject):
        return
    window = unit.collection(event.subject)
    cases.owe_until(SUBMISSION_DUE, window.id, window.due_on, window.title, window.opens_on)


@handles("collection.opened", "submissions.unlock", for_reader=True)
def unlock_register(event: Event) -> None:
    """Let the unit edit its list for the new collection, unless it was handed in already."""
    if event.subject is not None and not unit.submissions(event.subject):
        unlock_submitted()


@handles("review.decided", "submissions.answer", for_reader=True)
def reopen_returned(event: Event) -> None:
    """Open the returned items again: those of this submission that the answer names."""
    if event.subject is None:
        return
    named = set(event.data.get("returned", ()))
    handed = {row.item_id for row in unit.handed_items(event.subject)}
    mark_returned(item_id for item_id in handed if str(item_id) in named)


@handles("collection.opened", "submissions.opening_mail", for_reader=True, transactional=False)
def mail_opening(event: Event) -> None:
    """Tell the unit's people that the window is open."""
    if event.subject is None:
        return
    window = unit.collection(event.subject)
    due = long_date(window.due_on)
    write_to(
        SENDERS,
        event,
        "Masa pengumpulan dibuka",
        [f"{window.title}. Daftar ditunggu paling lambat {due}."],
        "pengajuan/periksa",
    )


@handles("collection.reminded", "submissions.reminder_mail", for_reader=True, transactional=False)
def mail_reminder(event: Event) -> None:
    """Remind the unit's people of what they still owe."""
    if event.subject is None:
        return
    window = unit.collection(event.subject)
    said = letters.reminder(window.title, str(event.data.get("standing")), window.due_on)
    write_to(SENDERS, event, letters.REMINDER, [said], "pengajuan/periksa")


@handles("unit.added", "submissions.ask_newcomer")
def ask_newcomer(event: Event) -> None:
    """Ask a unit that joined late for its list too, wherever a window is still open."""
    if event.subject is not None:
        ask_in_open_windows(event.subject)


@handles("import.saved", "submissions.adopted")
def tell_adopted(event: Event) -> None:
    """Tell the central that a unit has taken over its part of last year's list."""
    if event.subject is not None:
        handovers.tell_adopted(event.subject)


@handles("handover.given", "submissions.handover_mail", for_reader=True, transactional=False)
def mail_handover(event: Event) -> None:
    """Tell the unit's people that their part of last year's list waits to be taken."""
    count = int(event.data.get("items", 0))
    said = f"PPID Utama menyiapkan {count} butir dari daftar tahun lalu. Periksa, lalu pakai bila cocok."
    write_to(SENDERS, event, "Daftar tahun lalu siap dipakai", [said], f"impor/serahan/{event.subject}")


@handles("review.finished", "submissions.review_mail", for_reader=True, transactional=False)
def mail_review(event: Event) -> None:
    """Tell the unit's people that their submission was read, and whether something came back."""
    if event.subject is None:
        return
    handed = unit.submission(event.subject)
    back = int(event.data.get("returned", 0))
    said = f"{back} butir perlu diperbaiki." if back else "Semua butir diterima."
    number = handed.submission.number
    write_to(
        SENDERS,
        event,
        "Hasil pemeriksaan pengajuan",
        [f"Pengajuan {number} selesai diperiksa. {said}"],
        f"pengajuan/{event.subject}",
    )


@handles("submission.confirmation_asked", "submissions.confirmation_mail", transactional=False)
def mail_confirmation(event: Event) -> None:
    """Ask the unit's head to confirm."""
    line = "Daftar unit Anda siap dikirim ke PPID Utama dan menunggu konfirmasi Anda."
    write_to({"unit_head"}, event, "Daftar menunggu konfirmasi Anda", [line], "pengajuan/konfirmasi")


@handles("submission.confirmation_declined", "submissions.declined_mail", transactional=False)
def mail_declined(event: Event) -> None:
    """Tell the officers that the head wants something mended first."""
    line = "Pimpinan unit meminta perbaikan sebelum daftar dikirim. Catatannya ada di halaman pemeriksaan."
    write_to({"unit_officer"}, event, "Daftar belum dikonfirmasi", [line], "pengajuan/periksa")
