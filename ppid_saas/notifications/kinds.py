"""The table of notices, pure: which fact is told to which roles, in which words, leading where. Nothing else is told.

A key is the event's kind, with a variant where its numbers make another sentence of it, and `@` when it is told to the
tenant that the event was handed to. No sentence names an item, a document or a person's text.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ppid_saas.access.sayings import say
from ppid_saas.notifications.rules import Kind

SENDERS: Final = frozenset({"unit_officer", "unit_head"})
OFFICER: Final = frozenset({"unit_officer"})
HEAD: Final = frozenset({"unit_head"})
CENTRAL: Final = frozenset({"central_officer", "central_head"})
CENTRAL_OFFICER: Final = frozenset({"central_officer"})
CENTRAL_HEAD: Final = frozenset({"central_head"})
BOARD: Final = frozenset({"board_member"})
SUPERIOR: Final = frozenset({"superior"})
DECIDERS: Final = frozenset({"unit_head", "central_head"})
KEEPERS: Final = SENDERS | CENTRAL
OFFICERS: Final = frozenset({"unit_officer", "central_officer"})
STAND_INS: Final = OFFICERS | {"tenant_admin"}
LEADERS: Final = STAND_INS | DECIDERS
APPROVERS: Final = frozenset({"pembina", "board_member", "superior"})
FULL: Final = 100
NEAR: Final = 40

KINDS: Final[Mapping[str, Kind]] = {
    # the collection
    "collection.opened@": Kind(SENDERS, "turn", say("Masa pengumpulan dibuka"), say("Masa pengumpulan dibuka. Daftar unit Anda ditunggu paling lambat %(due)s."), "pengajuan/periksa"),
    "collection.reminded@": Kind(SENDERS, "due", say("Pengingat pengumpulan daftar"), say("%(title)s: kami menunggu daftar unit Anda. Batasnya %(due)s."), "pengajuan/periksa"),
    "collection.reminded.in_repair@": Kind(SENDERS, "due", say("Pengingat pengumpulan daftar"), say("%(title)s: kami menunggu perbaikan Anda. Batasnya %(due)s."), "perbaikan"),
    "handover.given@": Kind(SENDERS, "turn", say("Daftar tahun lalu siap dipakai"), say("PPID Utama menyiapkan %(items)s butir dari daftar tahun lalu. Periksa, lalu pakai bila cocok."), "impor/serahan/{subject}"),
    "submission.confirmation_asked": Kind(HEAD, "turn", say("Daftar menunggu konfirmasi Anda"), say("Daftar unit Anda siap dikirim ke PPID Utama dan menunggu konfirmasi Anda."), "pengajuan/konfirmasi"),
    "submission.confirmation_declined": Kind(OFFICER, "returned", say("Daftar belum dikonfirmasi"), say("Pimpinan unit meminta perbaikan sebelum daftar dikirim. Catatannya ada di halaman pemeriksaan."), "pengajuan/periksa"),
    "submission.sent@": Kind(CENTRAL_OFFICER, "progress", say("Pengajuan masuk"), say("%(unit)s mengirim daftarnya; pengajuan itu menunggu diperiksa."), "pengajuan/{subject}"),
    "submission.withdrawn@": Kind(CENTRAL_OFFICER, "progress", say("Pengajuan ditarik"), say("%(unit)s menarik kembali pengajuannya sebelum diperiksa."), "pengajuan"),
    "review.finished@": Kind(SENDERS, "returned", say("Hasil pemeriksaan pengajuan"), say("Pengajuan %(number)s selesai diperiksa. %(returned)s butir perlu diperbaiki."), "pengajuan/{subject}"),
    "review.accepted@": Kind(SENDERS, "progress", say("Hasil pemeriksaan pengajuan"), say("Pengajuan %(number)s selesai diperiksa. Semua butir diterima."), "pengajuan/{subject}"),
    # files, room, papers
    "document.disposal_asked": Kind(DECIDERS, "turn", say("Usul pemusnahan berkas"), say("%(actor)s mengusulkan pemusnahan sebuah berkas dan menunggu keputusan Anda."), "berkas/musnah"),
    "document.copy_made": Kind(DECIDERS, "turn", say("Salinan untuk publik menunggu persetujuan"), say("%(actor)s membuat salinan berkas untuk publik dan menunggu Anda membaca serta menyetujuinya."), "berkas"),
    "room.mark": Kind(KEEPERS, "room", say("Ruang penyimpanan terisi %(mark)s%%"), say("Ruang penyimpanan terisi %(mark)s%% (%(used)s dari %(cap)s)."), "berkas/kuota"),
    "room.mark.full": Kind(KEEPERS, "room", say("Ruang penyimpanan penuh"), say("Ruang penyimpanan penuh (%(used)s dari %(cap)s). Unggahan berhenti; mengisi dan mengirim daftar tetap bisa."), "berkas/kuota"),
    "room.mark@": Kind(KEEPERS, "room", say("Ruang penyimpanan unit terisi %(mark)s%%"), say("Ruang penyimpanan %(unit)s terisi %(mark)s%% (%(used)s dari %(cap)s)."), "penyimpanan"),
    "room.mark.full@": Kind(KEEPERS, "room", say("Ruang penyimpanan unit penuh"), say("Ruang penyimpanan %(unit)s penuh (%(used)s dari %(cap)s)."), "penyimpanan"),
    "room.asked@": Kind(KEEPERS, "turn", say("Permintaan ruang penyimpanan"), say("%(unit)s meminta tambahan ruang penyimpanan %(bytes)s dan menunggu jawaban Anda."), "penyimpanan"),
    "room.answered@": Kind(KEEPERS, "room", say("Jawaban permintaan ruang"), say("Ruang penyimpanan unit Anda ditambah %(granted)s."), "berkas/kuota"),
    "room.answered.refused@": Kind(KEEPERS, "room", say("Jawaban permintaan ruang"), say("Ruang penyimpanan unit Anda tidak ditambah. Alasannya ada di halamannya."), "berkas/kuota"),
    "store.damaged": Kind(KEEPERS, "room", say("Berkas rusak"), say("%(objects)s berkas tidak utuh lagi. Pengelola sistem sudah diberi tahu; jangan hapus berkas aslinya."), "berkas"),
    "obligation.due.loan": Kind(OFFICER, "due", say("Kertas belum dikembalikan"), say("Batas pengembalian satu kertas yang dipinjam sudah lewat. Hubungi peminjamnya, lalu catat pengembaliannya."), "tempat/kertas?status=late"),
    # tests and the board
    "test.begun": Kind(CENTRAL, "progress", say("Uji konsekuensi dimulai"), say("Uji konsekuensi dimulai untuk %(items)s butir."), "uji/{subject}"),
    "sitting.called": Kind(BOARD | CENTRAL, "turn", say("Undangan sidang"), say("Anda diundang ke sidang uji konsekuensi."), "sidang/{subject}"),
    "board.asked": Kind(BOARD, "turn", say("Pertimbangan Anda diminta"), say("Butir menunggu pertimbangan Anda sebagai anggota Tim Pertimbangan."), "telaah"),
    "board.closed": Kind(CENTRAL, "progress", say("Pertimbangan selesai"), say("Tim Pertimbangan selesai; lembar pertimbangannya tersedia."), "uji/{subject}"),
    # the determination
    "determination.sent": Kind(SUPERIOR, "turn", say("Penetapan menunggu persetujuan Anda"), say("Rancangan penetapan dengan %(items)s butir menunggu persetujuan Anda."), "telaah/persetujuan/{subject}"),
    "determination.returned": Kind(CENTRAL, "returned", say("Penetapan dikembalikan"), say("Atasan PPID mengembalikan rancangan penetapan. Alasannya ada di halamannya."), "penetapan"),
    "determination.approved": Kind(CENTRAL, "turn", say("Penetapan disetujui"), say("Atasan PPID menyetujui rancangan penetapan. Catat nomor dan tanggalnya."), "penetapan"),
    "determination.made": Kind(CENTRAL, "progress", say("Penetapan dicatat"), say("Sebuah penetapan sudah dicatat."), "penetapan/{subject}"),
    "determination.opening_made": Kind(CENTRAL, "progress", say("Penetapan pembukaan dicatat"), say("Sebuah penetapan informasi terbuka sudah dicatat: %(items)s butir."), "penetapan/{subject}"),
    "determination.handed@": Kind(SENDERS, "turn", say("Penetapan diserahkan"), say("Salinan penetapan dan daftarnya tersedia bagi unit Anda. Nyatakan sudah diterima."), "penetapan"),
    "determination.received@": Kind(CENTRAL, "progress", say("Penetapan diterima unit"), say("%(unit)s menyatakan sudah menerima salinan penetapan."), "penetapan/{subject}"),
    "determination.revoked": Kind(CENTRAL, "progress", say("Penetapan dicabut"), say("Sebuah penetapan sudah dicabut."), "penetapan/{subject}"),
    "edition.published": Kind(CENTRAL, "progress", say("Edisi terbit"), say("Edisi %(n)s terbit dengan %(items)s butir."), "edisi/{n}"),
    # the end of a period; items of one day are told together
    "reopening.noticed": Kind(CENTRAL, "progress", say("Masa pengecualian menjelang habis"), say("Ada butir yang masa pengecualiannya berakhir %(ends)s. Putuskan sebelum batasnya."), "pembukaan"),
    "reopening.noticed.near": Kind(CENTRAL, "due", say("Masa pengecualian segera habis"), say("Ada butir yang masa pengecualiannya berakhir %(ends)s dan belum diputuskan."), "pembukaan"),
    "reopening.noticed.review": Kind(CENTRAL, "turn", say("Butir perlu ditinjau"), say("Ada butir tanpa tanggal akhir yang harinya ditinjau: %(due)s."), "pembukaan"),
    "reopening.noticed@": Kind(SENDERS, "progress", say("Masa pengecualian menjelang habis"), say("Ada butir unit Anda yang masa pengecualiannya berakhir %(ends)s."), "butir"),
    "reopening.noticed.near@": Kind(SENDERS, "due", say("Masa pengecualian segera habis"), say("Ada butir unit Anda yang masa pengecualiannya berakhir %(ends)s dan belum diputuskan."), "butir"),
    "reopening.opened.by_law": Kind(CENTRAL | SUPERIOR, "due", say("Terbuka demi hukum"), say("Masa pengecualian sebuah butir habis tanpa keputusan; sejak %(opens)s butir itu terbuka. Pastikan salinannya dapat diminta publik."), "pembukaan/lewat"),
    "reopening.opened@": Kind(SENDERS, "turn", say("Informasi menjadi terbuka"), say("Butir unit Anda terbuka sejak %(opens)s. Siapkan salinan yang dapat diminta publik."), "butir"),
    "reopening.opened.by_law@": Kind(SENDERS, "due", say("Terbuka demi hukum"), say("Masa pengecualian butir unit Anda habis tanpa keputusan; butir itu terbuka sejak %(opens)s. Siapkan salinan yang dapat diminta publik."), "butir"),
    "reopening.retest_told@": Kind(OFFICER, "turn", say("Uji ulang diminta"), say("PPID Utama meminta butir unit Anda diuji ulang untuk masa berikutnya."), "butir"),
    "dispute.opened": Kind(CENTRAL | SUPERIOR, "due", say("Sengketa dicatat"), say("Sebuah sengketa informasi dicatat. Butir di dalamnya tidak boleh dimusnahkan."), "sengketa/{subject}"),
    "dispute.closed": Kind(CENTRAL, "progress", say("Sengketa selesai"), say("Hasil sebuah sengketa informasi sudah dicatat."), "sengketa"),
    "calendar.recounted": Kind(SENDERS | CENTRAL, "due", say("Kalender hari kerja berubah"), say("Kalender hari kerja berubah; %(moved)s batas waktu ikut bergeser."), "kalender", morning=True),
    "kpu.approval_asked": Kind(APPROVERS, "turn", say("Persetujuan Anda diminta"), say("Daftar dengan %(items)s butir menunggu persetujuan Anda."), "persetujuan/{subject}"),
    "kpu.approved": Kind(SENDERS, "turn", say("Persetujuan lengkap"), say("Pembina, Tim Pertimbangan, dan Atasan PPID sudah menyetujui daftar."), "persetujuan/{subject}"),
    "kpu.returned": Kind(SENDERS, "returned", say("Daftar dikembalikan"), say("Daftar dikembalikan dalam permintaan persetujuan. Alasannya ada di halamannya."), "persetujuan/{subject}"),
    "kpu.granted": Kind(SENDERS, "turn", say("KPU RI menyetujui"), say("Persetujuan KPU RI nomor %(number)s sudah dicatat; daftar dapat diterbitkan."), "persetujuan/{subject}"),
    # duties that run out, told in the morning
    "duty.perhatian": Kind(OFFICERS, "due", say("Batas mendekat"), say("%(what)s: batasnya %(due)s."), "beranda", morning=True),
    "duty.segera": Kind(STAND_INS, "due", say("Batas segera tiba"), say("%(what)s: batasnya segera tiba, %(due)s."), "beranda", morning=True),
    "duty.lewat1": Kind(LEADERS, "due", say("Batas terlewati"), say("%(what)s: batasnya sudah lewat, %(due)s."), "beranda", morning=True),
    "duty.lewat3": Kind(LEADERS, "due", say("Batas lama terlewati"), say("%(what)s: sudah lewat tiga hari kerja, batasnya %(due)s."), "beranda", morning=True),
    "duty.lewat5": Kind(LEADERS, "due", say("Batas jauh terlewati"), say("%(what)s: sudah lewat lima hari kerja, batasnya %(due)s."), "beranda", morning=True),
    "duty.near.board": Kind(BOARD, "due", say("Batas mendekat"), say("Pertimbangan Anda ditunggu; batasnya %(due)s."), "telaah", morning=True),
    "duty.late.board": Kind(BOARD, "due", say("Batas terlewati"), say("Pertimbangan Anda masih ditunggu; batasnya sudah lewat, %(due)s."), "telaah", morning=True),
    "duty.near.superior": Kind(SUPERIOR, "due", say("Batas mendekat"), say("Rancangan penetapan menunggu persetujuan Anda; batasnya %(due)s."), "telaah/persetujuan", morning=True),
    "duty.late.superior": Kind(SUPERIOR, "due", say("Batas terlewati"), say("Rancangan penetapan masih menunggu persetujuan Anda; batasnya sudah lewat, %(due)s."), "telaah/persetujuan", morning=True),
    "duty.listed": Kind(SUPERIOR, "due", say("Jauh melewati batas"), say("%(what)s: sudah lewat lima hari kerja, batasnya %(due)s."), "beranda", morning=True, weekly=True),
    "obligation.escalated.lewat3@": Kind(CENTRAL, "due", say("Unit terlambat"), say("%(unit)s terlambat tiga hari kerja: %(what)s, batasnya %(due)s."), "beranda", morning=True),
    "obligation.escalated.lewat5@": Kind(SUPERIOR, "due", say("Unit jauh terlambat"), say("%(unit)s terlambat lima hari kerja: %(what)s, batasnya %(due)s."), "beranda", morning=True, weekly=True),
}  # fmt: skip


def facts_told() -> frozenset[tuple[str, bool]]:
    """Return every kind of event that is told, with whether it is told to its reader."""
    return frozenset(
        (".".join(key.rstrip("@").split(".")[:2]), key.endswith("@"))
        for key in KINDS
        if not key.startswith("duty.")
    ) - {("review.accepted", True)}


def key_of(kind: str, data: Mapping[str, Any], *, for_reader: bool) -> str | None:
    """Return the row of the table for a fact, or None when nobody is told of it."""
    key = _variant(kind, data) + ("@" if for_reader else "")
    return key if key in KINDS else None


def _variant(kind: str, data: Mapping[str, Any]) -> str:
    found = _VARIANTS.get(kind)
    return found(kind, data) if found else kind


def _nearness(notice: str) -> str:
    """Return the variant of a notice that an end comes near: `reopening.notice_40` is near, `_100` is not."""
    if notice.endswith("review"):
        return ".review"
    days = notice.rpartition("_")[2]
    return ".near" if not days.isdecimal() or int(days) <= NEAR else ""


def fact_of(event_id: object, kind: str, data: Mapping[str, Any]) -> str:
    """Return what makes a fact one: its event, or for ends of periods the day they share."""
    if kind == "reopening.noticed":
        return f"{kind}.{data.get('kind')}.{data.get('due_on')}"
    if kind == "reopening.opened":
        return f"{kind}.{data.get('how')}.{data.get('opens_on')}"
    return str(event_id)


_VARIANTS: Final[Mapping[str, Callable[[str, Mapping[str, Any]], str]]] = {
    "review.finished": lambda kind, data: kind if data.get("returned") else "review.accepted",
    "room.answered": lambda kind, data: kind if data.get("granted") else f"{kind}.refused",
    "room.mark": lambda kind, data: f"{kind}.full" if data.get("mark") == FULL else kind,
    "collection.reminded": lambda kind, data: (
        f"{kind}.in_repair" if data.get("standing") == "in_repair" else kind
    ),
    "reopening.noticed": lambda kind, data: kind + _nearness(str(data.get("kind", ""))),
    "reopening.opened": lambda kind, data: f"{kind}.by_law" if data.get("how") == "by_law" else kind,
    "obligation.due": lambda kind, data: f"{kind}.{data.get('kind')}",
    "obligation.escalated": lambda kind, data: f"{kind}.{data.get('level')}",
}
