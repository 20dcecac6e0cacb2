"""After a determination: handed over with receipts, signed copies read and compared, items revoked and history kept."""

import io
import re
from uuid import UUID

import pikepdf
import pytest
from werkzeug.datastructures import FileStorage

from ppid_saas.access.errors import ConflictError, DomainError, InvalidError, NotFoundError
from ppid_saas.cases import queries as cases
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.determinations import (
    drafting,
    filing,
    handed_queries,
    handing,
    queries,
    revoking,
    service,
    signing,
)
from ppid_saas.determinations.models import Determination
from ppid_saas.inspection.signed_copy import read_signed
from ppid_saas.letters import as_pdf
from ppid_saas.submissions.queries import unit
from tests.determinations.test_determining import UNIT, accepted
from tests.determinations.test_drafting import approve, drafted
from tests.fixtures import signatures, walk
from tests.fixtures.world import World


def issued(world: World) -> tuple[str, list[UUID], Determination]:
    """Walk one region up to a determination with its letter kept."""
    region, ids, draft_id = drafted(world)
    approve(world, region, draft_id)
    with world.acting(f"pusat@{region}"):
        made = drafting.issue(draft_id, "500/7", walk.days(0))
    world.drain()
    return region, ids, made


def brought(data: bytes, name: str = "surat.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(data), filename=name)


def letter_pdf(world: World, region: str, made: Determination) -> bytes:
    with world.acting(f"pusat@{region}"):
        return as_pdf(filing.volumes(queries.determination(made.id))[0])


def test_every_unit_gets_its_own_items_and_leaves_a_receipt(fresh_world: World) -> None:
    region, ids, made = issued(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        assert handing.hand_over(made.id) == 1
        assert cases.duties([made.id], "determination.handover")[made.id].state == "settled"
    with fresh_world.acting(f"pusat@{region}"), pytest.raises(ConflictError, match="seluruhnya"):
        handing.hand_over(made.id)
    with fresh_world.acting(f"{UNIT}@{region}"):
        ((copy, receipt),) = handed_queries.copies()
        assert (receipt, copy.number, copy.item_count) == (None, "500/7", len(ids))
        assert {one.item_id for one in handed_queries.items(copy)} == set(ids)
        (file,) = handed_queries.files(copy)
        with handing.open_file(copy.id, file.n).stream as stream:
            assert stream.read().startswith(b"%PDF")
        first = handing.receive(copy.id)
        assert handing.receive(copy.id).received_at == first.received_at
    for other in (f"petugas.disdik@{region}", f"auditor@{region}"):
        with fresh_world.acting(other), pytest.raises(NotFoundError):
            handing.open_file(copy.id, file.n)
    with fresh_world.acting(f"pusat@{region}"):
        (given,) = handed_queries.given(made.id)
        assert given.receipt is not None
        assert given.receipt.received_by == first.received_by
    base = f"{fresh_world.path(f'{UNIT}@{region}')}/penetapan"
    client = fresh_world.client(f"{UNIT}@{region}")
    assert "500/7" in client.get(base).get_data(as_text=True)
    assert walk.TITLES[0] in client.get(f"{base}/{copy.id}").get_data(as_text=True)
    paper = client.get(f"{base}/{copy.id}/tanda-terima.pdf")
    assert paper.get_data().startswith(b"%PDF")


def test_nothing_is_handed_over_without_a_paper(fresh_world: World) -> None:
    region, ids, _ = accepted(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        made = service.make_determination(walk.letter("500/1"), ids)
        with pytest.raises(ConflictError, match="Simpan suratnya"):
            handing.hand_over(made.id)


def test_a_signed_copy_is_read_and_compared(fresh_world: World) -> None:
    region, _, made = issued(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        pdf = as_pdf(filing.volumes(queries.determination(made.id))[0])
        kept = signing.take_signed(made.id, brought(signatures.signed(pdf)), anyway=False)
        (seen,) = kept.findings["signatures"]
        assert (kept.findings["verdict"], seen["who"], seen["intact"], seen["known"]) == (
            "match", signatures.SIGNER, True, False,
        )  # fmt: skip
        assert [file.kind for file in queries.files(made.id)] == ["letter", "signed"]
    page = fresh_world.client(f"kabid@{region}").get(f"/{region}/pusat/penetapan/{made.id}")
    text = page.get_data(as_text=True)
    assert "Utuh sejak ditandatangani. Penerbit sertifikatnya tidak dikenal di sini." in text
    assert "nomor dan kode verifikasi cocok" in text
    assert re.search(rf"{signatures.SIGNER}</strong>, \w{{3}}, \d+ \w{{3}} \d{{4}}, \d\d\.\d\d WIB", text)


def test_a_changed_byte_is_found_and_a_given_root_makes_the_signer_known(fresh_world: World) -> None:
    region, _, made = issued(fresh_world)
    pdf = letter_pdf(fresh_world, region, made)
    whole = signatures.signed(pdf)
    assert read_signed(whole, [signatures.identity()[2]])["signatures"][0]["known"] is True
    for at in (len(pdf) // 3, len(pdf) // 2):
        changed = bytearray(whole)
        changed[at] ^= 1
        (seen,) = read_signed(bytes(changed))["signatures"]
        assert seen["intact"] is False
    assert (
        read_signed(whole[: len(whole) // 2])["unreadable"]
        or not read_signed(whole[: len(whole) // 2])["signatures"]
    )
    with pikepdf.open(io.BytesIO(whole)) as opened:
        out = io.BytesIO()
        opened.save(out)
    assert [one["intact"] for one in read_signed(out.getvalue())["signatures"]] == [False]


def other_pdf(pages: int) -> bytes:
    from ppid_saas.letters.paper import Frame, Paper, Text

    words = "\n".join(f"Surat lain tentang hal lain, baris {n}." for n in range(pages * 44))
    return as_pdf(Paper(Frame("Surat lain", "Kantor lain", "Nomor 1"), [Text(words)]))


def encrypted(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def test_another_a_damaged_and_a_locked_document_are_refused_with_the_reason(fresh_world: World) -> None:
    region, _, made = issued(fresh_world)
    pdf = letter_pdf(fresh_world, region, made)
    long = other_pdf(300)
    for data, name, said in (
        (other_pdf(1), "surat.pdf", "Bukan dokumen ini"), (long, "surat.pdf", "Bukan dokumen ini"),
        (pdf[: len(pdf) // 2], "surat.pdf", "rusak"), (encrypted(pdf), "surat.pdf", "terkunci"), (b"", "surat.pdf", "kosong"),
        (pdf, "surat.exe", "PDF atau gambar"), (pdf, "surat.png", "akhiran"),
    ):  # fmt: skip
        with fresh_world.acting(f"pusat@{region}"), pytest.raises(DomainError, match=said):
            signing.take_signed(made.id, brought(data, name), anyway=False)
    with fresh_world.acting(f"pusat@{region}"):
        assert [file.kind for file in queries.files(made.id)] == ["letter"]
        kept = signing.take_signed(made.id, brought(long), anyway=True)
        assert kept.findings["verdict"] == "other"
        assert kept.findings["pages"] >= 300
    with fresh_world.acting(f"sekda@{region}"), pytest.raises(NotFoundError):
        signing.take_signed(made.id, brought(pdf), anyway=False)


def test_an_item_leads_to_its_determination_and_a_revoked_one_ends_no_more(fresh_world: World) -> None:
    region, ids, made = issued(fresh_world)
    client, page = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/gabungan/{ids[0]}"
    before = client.get(page).text
    assert f"/pusat/penetapan/{made.id}" in before
    assert "Masa semula habis" not in before
    with fresh_world.acting(f"pusat@{region}"):
        revoked = revoking.revoke(walk.letter("500/8"), made.id, "Sudah diumumkan unit.", ids[:1])
    after = client.get(page).text
    assert f"/pusat/penetapan/{revoked.id}" in client.get(f"/{region}/pusat/penetapan/{made.id}").text
    assert "Masa semula habis" in after
    assert "Masa pengecualian habis" not in after


def test_items_are_revoked_one_by_one_and_history_stays(fresh_world: World) -> None:
    region, ids, made = issued(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        before = {one.item.item_id: one.item.hash for one in queries.covered(made.id)}
        with pytest.raises(InvalidError):
            revoking.revoke(walk.letter("500/8"), made.id, "  ", ids[:1])
        with pytest.raises(ConflictError, match="sudah dipakai"):
            revoking.revoke(walk.letter("500/7"), made.id, "Sudah terbuka.", ids[:1])
    with fresh_world.acting(f"pusat@{region}"):
        first = revoking.revoke(walk.letter("500/8"), made.id, "Sudah diumumkan unit.", ids[:1])
        first_id, kind = first.id, first.kind
        assert kind == "revocation"
        assert queries.determination(made.id).state == "determined"
        assert {entry.state for entry in consolidation.entries(ids[:1])} == {"revoked"}
        with pytest.raises(ConflictError):
            revoking.revoke(walk.letter("500/9"), made.id, "Sekali lagi.", ids[:1])
    with fresh_world.acting(f"pusat@{region}"):
        revoking.revoke(walk.letter("500/10"), made.id, "Seluruhnya.")
        assert queries.determination(made.id).state == "revoked"
        assert {one.item.item_id: one.item.hash for one in queries.covered(made.id)} == before
        assert {how for how, _ in queries.related(queries.determination(made.id))} == {"revokes_by"}
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        facts, rows, _ = queries.contents(queries.determination(first_id))
        assert "500/7" in facts.earlier
        assert "500/7" in rows[0].earlier
    with fresh_world.acting(f"{UNIT}@{region}"):
        assert {one.state for one in unit.statuses(ids).values()} == {"revoked"}
