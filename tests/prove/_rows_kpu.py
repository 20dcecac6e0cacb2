"""74/ORT.06/3604/2022 as the demo's KPU office walks it, its four rows, the last not before KPU RI's act is recorded."""

import re
from datetime import timedelta

from tests.fixtures.scans import scan
from tests.journey.people import follow, press
from tests.prove._rows_stage import PHONE
from tests.prove._rows_told import Turn, Walk, due_day

OFFICER, HEAD = "petugas.kpu", "kepala.kpu"
APPROVERS = {"pembina.kpu": "Pembina", "tim.kpu": "Tim Pertimbangan", "atasan.kpu": "Atasan PPID"}
CAST = (OFFICER, HEAD, *APPROVERS)
ROUNDS = "u/kpu/persetujuan"
TYPE = "Data dan daftar"
IDLE = 21
LETTER = {"name": "persetujuan-kpu-ri.pdf", "mimeType": "application/pdf", "buffer": scan(2_000)}


def walk(one: Walk) -> None:
    """Walk the rows in the form's order."""
    collect(one)
    classify(one)
    for who in APPROVERS:
        approve(one, who)
    store(one)
    grant(one)
    publish(one)


def to_round(turn: Turn) -> None:
    follow(turn.page, "Daftar informasi yang dikecualikan KPU")


def collect(one: Walk) -> None:
    with one.row("1", OFFICER, ROUNDS) as turn:
        to_round(turn)
        at, due = turn.page.url, due_day(turn.main)
        one.scene.move_to(due + timedelta(days=4 if one.late else -1))
        turn.page.goto(at)
        turn.seen.day = one.scene.today().isoformat()
        if one.late:
            turn.reminds(HEAD, "Batas")
        turn.sees()
        _complete(turn)
        turn.page.goto(at)
        turn.press("Tutup pengumpulan")
        turn.says("Terkumpul")


def _complete(turn: Turn) -> None:
    """Follow each item that the page says is incomplete, and give it a period that ends."""
    round_page, again = turn.page.url, turn.main.get_by_role("link", name=re.compile(r"^Butir \d+, "))
    turn.does(f"melengkapi {again.count()} butir yang disebut layar")
    while again.count():
        follow(turn.page, re.compile(r"^Butir \d+, "))
        turn.page.get_by_label("Setelah waktu tertentu").check()
        turn.page.get_by_label(re.compile("^Lama")).fill("3")
        turn.page.get_by_label(re.compile("^Satuan")).select_option("tahun")
        press(turn.page, "Simpan")
        turn.page.goto(round_page)


def classify(one: Walk) -> None:
    _pass_time(one)
    with one.row("2", OFFICER, ROUNDS) as turn:
        to_round(turn)
        turn.sees(limited=False)
        for chosen in turn.main.locator("select[name^='type.']").all():
            chosen.select_option(index=1)
        turn.press("Simpan jenis dokumen")
        turn.says("Jenis dokumen tersimpan")
        turn.press("Mintakan persetujuan")
        turn.says("Menunggu persetujuan")
        for who in APPROVERS:
            turn.tells(who, "Persetujuan Anda diminta", by_mail=True)


def _pass_time(one: Walk) -> None:
    """Let days go by before a step without a limit."""
    one.scene.move_by(IDLE if one.late else 1)


def approve(one: Walk, who: str) -> None:
    with one.row("2", who, "u/kpu/beranda") as turn:
        turn.page.set_viewport_size(PHONE)
        turn.sees(limited=False)
        follow(turn.page, "Baca dan jawab")
        turn.press("Setujui")
        turn.says("Jawaban Anda tercatat")


def store(one: Walk) -> None:
    _pass_time(one)
    with one.row("3", OFFICER, ROUNDS) as turn:
        to_round(turn)
        turn.sees(limited=False)
        turn.press("Catat penyimpanan")
        turn.says("Tersimpan, menunggu KPU RI")
    with one.row("4", HEAD, ROUNDS) as turn:
        to_round(turn)
        turn.sees(limited=False)
        turn.does("melihat “Terbitkan” yang belum dapat ditekan")
        turn.says("Belum dapat diterbitkan: persetujuan KPU RI belum dicatat.")
        if turn.page.get_by_role("button", name="Terbitkan", exact=True).is_enabled():
            one.lacks("row 4: the list may be published before KPU RI's act is recorded")


def grant(one: Walk) -> None:
    _pass_time(one)
    with one.row("4", OFFICER, ROUNDS) as turn:
        to_round(turn)
        turn.sees(limited=False)
        turn.page.get_by_label("Nomor persetujuan atau penetapan").fill("77/HM.02/2026")
        turn.page.get_by_label(re.compile("^Surat")).set_input_files(LETTER)
        turn.press("Catat persetujuan KPU RI")
        turn.says("Persetujuan KPU RI tercatat")
        turn.tells(HEAD, "KPU RI menyetujui", by_mail=True)


def publish(one: Walk) -> None:
    with one.row("4", HEAD, ROUNDS) as turn:
        to_round(turn)
        turn.sees(limited=False)
        turn.page.get_by_label("Alamat halaman").fill("https://ppid.kpu.contoh.go.id/dik")
        turn.press("Terbitkan")
        turn.says("Pengunggahan tercatat")
