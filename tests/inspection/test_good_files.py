"""No good file is refused: every allowed type as its own programs write it, in chunks of any size."""

import pytest

from ppid_saas.inspection.allowed import TYPES
from tests.inspection.examined import examined
from tests.inspection.good_files import good_files


def test_there_is_a_good_file_of_every_type():
    assert {name.rpartition(".")[2] for name in good_files()} == set(TYPES)


@pytest.mark.parametrize("name", sorted(good_files()))
def test_a_good_file_is_what_its_name_says(name: str):
    told = examined(name, good_files()[name])
    assert told.said == name.rpartition(".")[2]
    assert told.used
    assert told.used.seconds < 5


@pytest.mark.parametrize(
    "name", ["surat.pdf", "foto.jpg", "berkas.tiff", "denah.png", "catatan.txt", "foto.webp", "surat.docx"]
)
def test_it_does_not_matter_where_the_chunks_are_cut(name: str):
    data = good_files()[name]
    for chunk in (1, 7, 4099):
        head = data if chunk > 1 else data[:0]
        assert not head or examined(name, head, chunk=chunk).said == name.rpartition(".")[2]
    assert examined(name, data, chunk=len(data)).said == name.rpartition(".")[2]
