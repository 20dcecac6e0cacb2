"""A sitting: its agenda is what is contested, it decides item by item with dissent, and leaves minutes that are signed."""

import io
from datetime import date
from uuid import UUID

import pytest

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.consequence_tests import queries, service, sitting_queries, sittings
from ppid_saas.consequence_tests.models import Sitting
from tests.consequence_tests.walking import in_test
from tests.fixtures.world import World

HEAD = sittings.Head("Sidang Uji Konsekuensi", date(2026, 11, 24), "09.00 WIB", "Ruang Rapat", "Kepala Dinas")
PEOPLE = (
    sittings.Person("", "Sekretaris Dinas", "Dinas Kesehatan"),
    sittings.Person("", "Kepala Bidang", "Diskominfo"),
    sittings.Person("", "Akademisi", "Universitas Contoh"),
)


def called(world: World) -> tuple[str, list[UUID], UUID, Sitting]:
    region, ids, round_id = in_test(world)
    with world.acting(f"pusat@{region}"):
        me = sittings.Person("Pusat", "Petugas", "PPID Utama", world.people[f"pusat@{region}"])
        made = sittings.call(HEAD, ids, [*PEOPLE, me])
        sittings.note_present(made.id, [1, 2, 4])
    return region, ids, round_id, made


def test_new_items_are_contested_and_picked(fresh_world: World) -> None:
    region, ids, _ = in_test(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        found = sitting_queries.candidates()
        assert {one.line.entry.item_id for one in found} == set(ids)
        assert all("Butir baru" in one.why for one in found)
        sittings.call(HEAD, ids[:2])
        assert [one.line.entry.item_id for one in sitting_queries.candidates()] == ids[2:]
        with pytest.raises(ConflictError, match="sidang lain"):
            sittings.call(HEAD, ids[:1])


def test_a_sitting_needs_a_day_a_place_and_an_item(fresh_world: World) -> None:
    region, _, _ = in_test(fresh_world)
    with fresh_world.acting(f"pusat@{region}"), pytest.raises(InvalidError) as error:
        sittings.call(sittings.Head("", None, "", " ", ""), [])
    assert set(error.value.fields) == {"title", "held_on", "place", "items"}


def test_what_it_decides_stands_on_the_sheet_with_those_who_were_there(fresh_world: World) -> None:
    region, ids, round_id, made = called(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        sittings.decide(made.id, ids[0], "exempt", "Pasien terlindungi.", "Akademisi: cukup sebagian.", "", 1)
        sheet = queries.line(round_id, ids[0]).sheet
        assert (sheet.stage, sheet.outcome, sheet.reason) == ("central", "exempt", "Pasien terlindungi.")
        assert sheet.body["participants"] == [
            "Sekretaris Dinas, Dinas Kesehatan", "Kepala Bidang, Diskominfo", "Petugas, PPID Utama",
        ]  # fmt: skip
        row = sitting_queries.agenda_line(made.id, ids[0]).row
        assert (row.dissent, row.version) == ("Akademisi: cukup sebagian.", 2)


def test_two_officers_at_once_lose_nothing(fresh_world: World) -> None:
    region, ids, _, made = called(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        sittings.decide(made.id, ids[0], "exempt", "Pertama.", "", "", 1)
        with pytest.raises(ConflictError) as error:
            sittings.decide(made.id, ids[0], "open", "Kedua.", "", "", 1)
        assert "version" in error.value.fields
        assert sitting_queries.agenda_line(made.id, ids[0]).row.reason == "Pertama."


def test_nobody_decides_in_an_empty_room(fresh_world: World) -> None:
    region, ids, _, made = called(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        sittings.note_present(made.id, [1])
        with pytest.raises(InvalidError, match="kehadiran"):
            sittings.decide(made.id, ids[0], "exempt", "Alasan.", "", "", 1)
        sittings.decide(made.id, ids[0], "", "", "", "Menunggu bahan.", 1)
        assert sitting_queries.agenda_line(made.id, ids[0]).row.notes == "Menunggu bahan."


def test_it_ends_when_all_is_decided_and_opens_again_until_someone_signs(fresh_world: World) -> None:
    region, ids, round_id, made = called(fresh_world)
    with fresh_world.acting(f"pusat@{region}"):
        with pytest.raises(ConflictError, match="3 butir belum diputus"):
            sittings.close(made.id, "7/BA")
        for item_id, outcome in zip(ids, ("exempt", "open", "deferred"), strict=True):
            sittings.decide(made.id, item_id, outcome, "Alasan.", "", "", 1)
        with pytest.raises(InvalidError):
            sittings.close(made.id, " ")
        with pytest.raises(ConflictError):
            sittings.sign(made.id)
        sittings.close(made.id, "7/BA")
        sittings.reopen(made.id)
        sittings.close(made.id, "7/BA")
        with pytest.raises(ConflictError, match="sudah ditutup"):
            sittings.decide(made.id, ids[0], "open", "x", "", "", 2)
        sittings.sign(made.id)
        assert [one.n for one in sitting_queries.people(made.id) if one.signed_at] == [4]
        with pytest.raises(ConflictError, match="tidak dapat dibuka"):
            sittings.reopen(made.id)
        service.pass_on(round_id)
    with fresh_world.acting(f"sekda@{region}"), pytest.raises(NotFoundError):
        sittings.sign(made.id)


def test_the_screens_walk_a_sitting_from_call_to_signed_papers(fresh_world: World) -> None:
    region, ids, _ = in_test(fresh_world)
    app = fresh_world.app("office")
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        client, root = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/sidang"
        form = client.get(f"{root}/panggil").text
        assert form.count("checked") == len(ids)
        head = {
            "title": "Sidang",
            "place": "Aula",
            "held_on.day": "24",
            "held_on.month": "November",
            "held_on.year": "2026",
        }
        people = "Bapak Contoh; Sekretaris; Dinas Kesehatan\nIbu Contoh; Kepala Bidang; Diskominfo"
        assert client.post(f"{root}/panggil", data=head | {"place": ""}).status_code == 422
        made = client.post(
            f"{root}/panggil", data=head | {"people": people, "items": [str(one) for one in ids]}
        )
        assert made.status_code == 303
        at = made.headers["Location"].partition("?")[0]
        assert client.post(f"{at}/hadir", data={"present": ["1", "2"]}).status_code == 303
        assert 'rel="next"' in client.get(f"{at}/rapat").text
        for item_id in ids:
            said = {"outcome": "exempt", "reason": "Alasan.", "version": "1"}
            assert client.post(f"{at}/rapat/{item_id}", data=said).status_code == 303
            late = client.post(f"{at}/rapat/{item_id}", data=said | {"reason": "Yang terlambat."})
            assert late.status_code == 409
            assert "Yang terlambat." in late.text
        assert client.post(f"{at}/tutup", data={"minutes_number": ""}).status_code == 422
        assert client.post(f"{at}/tutup", data={"minutes_number": "7/BA/2026"}).status_code == 303
        assert "Berita acara 7/BA/2026" in client.get(at).text
        for name in ("berita-acara", "lembar"):
            pdf = client.get(f"{at}/{name}.pdf?kertas=f4")
            assert pdf.data.startswith(b"%PDF")
            assert b"/StructTreeRoot" in pdf.data
            assert client.get(f"{at}/{name}.docx").data.startswith(b"PK")
        refused = client.post(f"{at}/berita-acara", data={"file": (io.BytesIO(b"bukan"), "ba.pdf")})
        assert refused.status_code == 422
        assert client.post(f"{at}/berita-acara", data={}).status_code == 422
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
