"""What a name promises, before a byte is taken."""

import pytest

from ppid_saas.inspection import RefusedFileError, type_of
from ppid_saas.inspection.allowed import LONGEST_NAME, MIB, TYPES


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("Surat Keputusan (2).PDF", "pdf"),
        ("x.exe.pdf", "pdf"),
        ("daftar.v2.xlsx", "xlsx"),
        ("naïve – ringkas.docx", "docx"),
        ("連絡.jpg", "jpg"),
    ],
)
def test_the_last_ending_is_the_promise(name: str, ending: str):
    assert type_of(name, 1).ending == ending


@pytest.mark.parametrize(
    ("name", "code"),
    [("x.pdf.exe", "type"), ("surat", "type"), (".pdf", "type"), ("x.docm", "macros"), ("a/b.pdf", "name"), ("\u202efdp.exe.pdf", "name"),
     ("x.pdf.", "name"), ("x.pdf ", "name"), ("con.pdf", "name"), ("a" * LONGEST_NAME + ".pdf", "name"), ("", "name"), ("x\0.pdf", "name")],
)  # fmt: skip
def test_a_name_that_lies_or_leads_elsewhere_is_refused(name: str, code: str):
    with pytest.raises(RefusedFileError) as refused:
        type_of(name, 1)
    assert refused.value.code == code
    assert not refused.value.passing


@pytest.mark.parametrize("ending", sorted(TYPES))
def test_the_limit_is_exact_and_told(ending: str):
    most = TYPES[ending].most
    assert type_of(f"x.{ending}", most).most == most
    with pytest.raises(RefusedFileError, match="100 MB" if most < 1024 * MIB else "1 GB") as refused:
        type_of(f"x.{ending}", most + 1)
    assert refused.value.code == "too_large"


def test_nothing_is_no_file():
    with pytest.raises(RefusedFileError) as refused:
        type_of("x.pdf", 0)
    assert refused.value.code == "empty"
