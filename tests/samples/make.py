"""Makes `contoh-daftar.xlsx`: a list as offices keep them, every row invented. Run it to make the file anew."""

from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

LETTERHEAD = (
    "PEMERINTAH KABUPATEN CONTOH",
    "DINAS CONTOH PELAYANAN",
    "DAFTAR INFORMASI YANG DIKECUALIKAN TAHUN 2026",
)
PRIVATE = "UU 14/2008 Pasal 17 huruf h"
ENFORCEMENT = "UU 14/2008 Pasal 17 huruf a"
RIVALRY = "UU 14/2008 Pasal 17 huruf b"
MEMO = "UU 14/2008 Pasal 17 huruf i"

SECTIONS: dict[str, tuple[tuple[str, str, str, str, str, str], ...]] = {
    "A. SEKRETARIAT": (
        (
            "Hasil pemeriksaan kesehatan pegawai",
            f"{PRIVATE} angka 2",
            "Rahasia pribadi pegawai terungkap",
            "Melindungi pegawai",
            "Sampai ada persetujuan tertulis yang bersangkutan",
            "Kepala Subbagian Kepegawaian",
        ),
        (
            "Nomor rekening gaji pegawai",
            f"{PRIVATE} angka 3",
            "Rekening dapat disalahgunakan",
            "Melindungi harta pegawai",
            "10 Tahun",
            "Bendahara Pengeluaran",
        ),
        (
            "Telaahan staf yang belum diputuskan",
            MEMO,
            "Perumusan kebijakan terganggu",
            "Menjaga kebebasan memberi pendapat",
            "1 Tahun",
            "Sekretaris Dinas",
        ),
        (
            "Catatan pembinaan disiplin pegawai",
            f"{PRIVATE} angka 4",
            "Nama baik pegawai dirugikan",
            "Melindungi pegawai",
            "5 (lima) tahun",
            "Kepala Subbagian Kepegawaian",
        ),
    ),
    "B. BIDANG PELAYANAN": (
        (
            "Identitas pelapor pengaduan layanan",
            ENFORCEMENT,
            "Pelapor dapat diintimidasi",
            "Melindungi pelapor",
            "Sampai proses pengaduan selesai",
            "Kepala Bidang Pelayanan",
        ),
        (
            "Jadwal pemeriksaan mendadak tempat usaha",
            ENFORCEMENT,
            "Pemeriksaan tidak lagi mendadak",
            "Menjaga hasil pemeriksaan",
            "2 Tahun",
            "Kepala Bidang Pelayanan",
        ),
        (
            "Berita acara pemeriksaan pelanggaran izin",
            ENFORCEMENT,
            "Proses penegakan terhambat",
            "Menjaga proses penegakan",
            "3 Tahun",
            "Kepala Bidang Pelayanan",
        ),
        (
            "Resep dan proses produksi pemohon izin",
            RIVALRY,
            "Pesaing memperoleh rahasia usaha",
            "Melindungi rahasia usaha",
            "10 Tahun",
            "Kepala Seksi Perizinan",
        ),
    ),
    "C. BIDANG DATA DAN SISTEM": (
        (
            "Rancangan jaringan dan alamat peladen",
            "UU 14/2008 Pasal 17 huruf j jo. UU 11/2008 Pasal 30",
            "Sistem mudah diserang",
            "Menjaga layanan tetap berjalan",
            "5 Tahun",
            "Kepala Seksi Sistem",
        ),
        (
            "Kata sandi dan kunci aplikasi layanan",
            "UU 14/2008 Pasal 17 huruf j jo. UU 11/2008 Pasal 30",
            "Data warga dapat dicuri",
            "Melindungi data warga",
            "5 Tahun",
            "Kepala Seksi Sistem",
        ),
        (
            "Harga perkiraan sendiri sebelum lelang",
            RIVALRY,
            "Persaingan penawaran rusak",
            "Menjaga persaingan sehat",
            "Sampai pemenang diumumkan",
            "Pejabat Pembuat Komitmen",
        ),
        (
            "Data pribadi pemohon layanan",
            PRIVATE,
            "Rahasia pribadi warga terungkap",
            "Melindungi warga",
            "Sampai ada persetujuan tertulis yang bersangkutan",
            "Kepala Bidang Data",
        ),
    ),
}
SIGNATURE = (
    "Ditetapkan di Kota Contoh",
    "pada tanggal 2 Februari 2026",
    "KEPALA DINAS CONTOH PELAYANAN,",
    "",
    "(nama pejabat)",
    "NIP. .....................",
)
ALONE = {
    0: "No.",
    1: "Informasi",
    2: "Dasar Hukum Pengecualian Informasi",
    5: "Jangka Waktu",
    6: "Penanggung Jawab",
}
WIDTHS = (5, 38, 34, 32, 32, 26, 26)


def make(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})
    sheet = book.add_worksheet("DIK 2026")
    bold = book.add_format(
        {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1}
    )
    plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    title = book.add_format({"bold": True, "align": "center"})
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    for row, line in enumerate(LETTERHEAD):
        sheet.merge_range(row, 0, row, 6, line, title)
    top = len(LETTERHEAD) + 1
    for column, heading in ALONE.items():
        sheet.merge_range(top, column, top + 1, column, heading, bold)
    sheet.merge_range(top, 3, top, 4, "Konsekuensi/Pertimbangan Bagi Publik", bold)
    sheet.write_row(top + 1, 3, ("Dibuka", "Ditutup"), bold)
    sheet.write_row(top + 2, 0, range(1, 8), bold)
    row, number = top + 3, 0
    for section, items in SECTIONS.items():
        sheet.merge_range(row, 0, row, 6, section, bold)
        for item in items:
            row, number = row + 1, number + 1
            sheet.write_row(row, 0, (number, *item), plain)
        row += 1
    for line in SIGNATURE:
        row += 1
        sheet.write_string(row, 5, line)
    book.close()


if __name__ == "__main__":
    make(Path(__file__).with_name("contoh-daftar.xlsx"))
