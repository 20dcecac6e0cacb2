"""Names of files as they are kept."""

import pytest

from ppid_saas.documents.rules import tidy_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Lembar uji.pdf", "Lembar uji.pdf"),
        ("C:\\Users\\petugas\\daftar.xlsx", "daftar.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("baris\r\nlain\x00.pdf", "barislain.pdf"),
        ("\u202exslx.exe", "xslx.exe"),
        ("  .. ", "berkas"),
        ("", "berkas"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("a" * 300, "a" * 200),
        (".htaccess", "htaccess"),
    ],
)
def test_tidy_name(given: str, kept: str):
    assert tidy_name(given) == kept
