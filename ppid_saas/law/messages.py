"""The sentences of the legal checks: code -> Indonesian source string for gettext, with named places.

Words only. When a sentence is said, and how severely, stands in checks.
"""


def N_(text: str) -> str:  # noqa: N802 - the marker that message extraction looks for
    return text


MESSAGES = {
    "judul.kosong": N_("Isi judul informasi."),
    "judul.pendek": N_('Tulis informasi yang jelas, bukan hanya "Arsip".'),
    "judul.bocor": N_("Judul memuat NIK/nama orang. Judul tampil ke publik; tulis lebih umum."),
    "judul.wajib_terbuka": N_(
        "Judul menyebut informasi yang biasanya wajib diumumkan. Apakah seluruhnya benar dikecualikan?"
    ),
    "judul.pasal_18": N_(
        "Judul menyebut informasi yang menurut Pasal 18 tidak dapat dikecualikan. Apakah informasi ini salah satunya?"
    ),
    "teks.bocor": N_("Bagian ini memuat 16 angka seperti NIK. Tulis lebih umum."),
    "dokumen.kosong": N_("Sebutkan dokumen yang memuat informasi ini."),
    "bagian.kosong": N_("Pilih bagian yang dikecualikan: seluruhnya atau sebagian."),
    "bagian.tanpa_uraian": N_("Uraikan bagian yang tetap terbuka."),
    "dasar.tanpa_pasal": N_("Sebutkan pasal dan huruf. Contoh: Pasal 17 huruf a."),
    "dasar.j_tanpa_uu": N_(
        "Pasal 17 huruf j perlu undang-undang lain. Sebutkan undang-undang dan pasalnya; peraturan di bawahnya tidak cukup."
    ),
    "dasar.bukan_uu": N_("%(law)s bukan undang-undang. Dasar pengecualian harus undang-undang."),
    "dasar.dicabut": N_("%(law)s sudah dicabut. Periksa penggantinya: %(by)s."),
    "dasar.keuangan_lembaga": N_(
        "Huruf h melindungi keuangan pribadi. Apakah ini keuangan lembaga? Bila ya, pilih dasar lain atau buka."
    ),
    "dasar.kepegawaian_g": N_(
        "Huruf g hanya untuk akta pribadi, kemauan terakhir, atau wasiat. Untuk data pegawai, periksa huruf h."
    ),
    "dasar.tanpa_huruf": N_('"Pasal 17" saja belum menyebut huruf. Huruf mana yang dimaksud?'),
    "pasal_18.termasuk": N_(
        "Informasi dalam Pasal 18 ayat (1) tidak dapat dikecualikan. Hapus butir ini dari daftar, atau ubah jawaban Anda."
    ),
    "pasal_18.persetujuan": N_(
        "Dengan persetujuan tertulis orangnya, huruf g dan h tidak berlaku lagi. Adakah dasar lain?"
    ),
    "pasal_18.jabatan": N_(
        "Huruf g dan h tidak menutup informasi tentang jabatan publik seseorang. Adakah dasar lain?"
    ),
    "kons.dibuka_kosong": N_("Tulis akibat buruk bila informasi dibuka."),
    "kons.manfaat_kosong": N_("Tulis manfaat publik bila informasi dibuka."),
    "kons.ditutup_kosong": N_("Tulis kepentingan yang dilindungi bila informasi ditutup."),
    "kons.sama": N_('Kolom "dibuka" dan "ditutup" sama persis. Tulis akibat masing-masing.'),
    "kons.hampa": N_('Tertulis "%(phrase)s". Siapa yang dirugikan, dan bagaimana?'),
    "kons.syarat_buka": N_(
        "Ini tampaknya syarat pembukaan, bukan akibat. Apa akibat buruknya bila dibuka sekarang?"
    ),
    "kons.dasar_lain": N_(
        "Alasan ini menyebut %(topic)s, padahal dasar hukumnya bukan huruf %(letter)s. Mana yang benar?"
    ),
    "timbangan.buka": N_(
        "Menurut kesimpulan Anda informasi ini lebih baik dibuka. Hapus butir ini dari daftar, atau ubah kesimpulannya."
    ),
    "timbangan.sebagian": N_(
        "Kesimpulannya sebagian, tetapi yang dikecualikan bukan sebagian. Mana yang benar?"
    ),
    "timbangan.tanpa_alasan": N_("Mengapa kesimpulannya begitu? Tulis alasannya."),
    "arsip.biasa": N_('Kelas arsip "Biasa/Terbuka" bertentangan dengan pengecualian. Mana yang benar?'),
    "arsip.retensi": N_(
        "Arsip ini habis retensinya sebelum masa pengecualian habis. Periksa retensi atau jangka waktunya."
    ),
    "peserta.kurang": N_("Lembar uji ditandatangani semua peserta. Siapa peserta lainnya?"),
    "jw.kosong": N_("Isi jangka waktu: tanggal, lama tahun, atau peristiwa."),
    "jw.peristiwa_tanpa_tinjau": N_(
        '"Selama proses" belum cukup. Pilih peristiwa yang mengakhiri dan tanggal peninjauan.'
    ),
    "jw.tanpa_tinjau": N_("Jangka waktu ini tidak bertanggal akhir. Isi tanggal peninjauan."),
    "jw.tidak_jelas": N_(
        "Jangka waktu belum jelas. Isi tanggal, lama tahun, atau peristiwa sebelum uji konsekuensi."
    ),
    "jw.permanen": N_(
        "Pengecualian huruf a sampai f tidak boleh tanpa batas. Isi jangka waktu, atau pilih dasar lain yang sesuai."
    ),
    "jw.permanen_sebagian": N_(
        "Dasar huruf %(letters)s tidak boleh tanpa batas; hanya dasar lainnya yang dapat berlaku seterusnya."
    ),
    "jw.permanen_periksa": N_("Huruf i biasanya tidak tanpa batas. Isi peristiwa atau tanggal peninjauan."),
    "jw.tanpa_syarat": N_(
        "Tanpa batas perlu syarat pembukaan: persetujuan tertulis orangnya, atau kaitannya dengan jabatan publik."
    ),
    "jw.menurut_uu": N_(
        "Apakah undang-undang yang disebut menyatakan kerahasiaan tanpa batas? Bila tidak, isi jangka waktunya."
    ),
    "jw.lebih_lama": N_("Dasar ini paling lama %(years)s tahun. Kurangi jangka waktunya."),
    "jw.perlu_tanggal_akhir": N_("Dasar huruf a paling lama 30 tahun. Isi juga tanggal akhir paling lambat."),
    "jw.lampau": N_(
        "Masa pengecualian sudah habis %(date)s. Usulkan pembukaan, jangan impor sebagai dikecualikan."
    ),
    "jw.terbalik": N_("Tanggal akhir lebih awal daripada tanggal mulai."),
    "jw.tinjau_lampau": N_("Tanggal peninjauan sudah lewat. Isi tanggal yang akan datang."),
    "penguasa.kosong": N_("Sebutkan jabatan yang menguasai informasi ini."),
}
