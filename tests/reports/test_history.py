"""The story of an item: everything that happened to it, in order, and as evidence that can be checked without us."""

import hashlib
import io
import json
import zipfile
from uuid import UUID

import pytest
from pypdf import PdfReader

from ppid_saas.access.errors import NotFoundError
from ppid_saas.determinations import revoking, signing
from ppid_saas.proofs import digest
from ppid_saas.reports import queries, rules, service
from ppid_saas.submissions.models import SubmissionItem
from tenants.db import db
from tests.determinations.test_after import brought, issued, letter_pdf
from tests.fixtures import determined, signatures, walk
from tests.fixtures.world import World


def region_of(world: World) -> str:
    return next(region for region, slug in world.tenants if slug == "pusat")


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.fixture
def walked(fresh_world: World) -> tuple[World, str]:
    region = region_of(fresh_world)
    walk.determined(fresh_world, region)
    return fresh_world, region


def test_a_story_tells_everything_in_order(walked: tuple[World, str]) -> None:
    world, region = walked
    with world.acting(f"auditor@{region}"):
        item_id = db.session.query(SubmissionItem.item_id).filter(
            SubmissionItem.reader_id == world.tenant(f"pusat@{region}")
        ).first()[0]  # fmt: skip
        story = queries.central_story(item_id)
    titles = [str(step.title) for step in story.steps]
    assert any(title.startswith("Dikirim dalam pengajuan") for title in titles)
    assert "Diterima" in titles
    assert any(title.startswith("Penetapan 500/1/2026") for title in titles)
    assert [step.at for step in story.steps] == sorted(step.at for step in story.steps)
    with world.acting(f"petugas.disdik@{region}"), pytest.raises(NotFoundError):
        queries.central_story(item_id)


def test_the_evidence_of_an_item_can_be_checked_without_us(walked: tuple[World, str]) -> None:
    world, region = walked
    who = f"petugas.dinkes@{region}"
    client = world.client(who)
    page = client.get(f"/{region}/u/dinkes/riwayat/1").get_data(as_text=True)
    assert walk.TITLES[0] in page
    with world.acting(who):
        parts = opened(service.unit_evidence(1))
    told = json.loads(parts["manifest.json"])
    assert told["chain"]["holds"] is True
    assert told["chain"]["length"] > 3
    for one in told["files"]:
        assert hashlib.sha256(parts[one["path"]]).hexdigest() == one["sha256"]
    story = json.loads(parts["riwayat.json"])
    assert story["title"] == walk.TITLES[0]
    assert story["events"][0]["seal"]
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(parts["riwayat.pdf"])).pages)
    assert "RIWAYAT BUTIR" in text
    with world.acting(who):
        kinds = [fact["kind"] for fact in queries.facts(UUID(story["events"][0]["subject"]))]
    assert kinds[-1] == "history.taken"


def test_the_evidence_of_a_determination_holds_its_papers_and_what_it_froze(fresh_world: World) -> None:
    region, ids, made = issued(fresh_world)
    pdf = letter_pdf(fresh_world, region, made)
    with fresh_world.acting(f"pusat@{region}"):
        signing.take_signed(made.id, brought(signatures.signed(pdf)), anyway=False)
        other = revoking.revoke(walk.letter("500/8"), made.id, "Sudah diumumkan unit.", ids[:1])
        signing.take_signed(other.id, brought(pdf), anyway=True)
    fresh_world.drain()
    client = fresh_world.client(f"sekda@{region}")
    page = f"/{region}/pusat/penetapan/{made.id}"
    assert "Unduh berkas bukti" in client.get(page).get_data(as_text=True)
    with fresh_world.acting(f"pusat@{region}"):
        parts = opened(service.determination_evidence(made.id))
        item = opened(service.central_evidence(ids[0]))
    told = json.loads(parts["manifest.json"])
    assert {one["path"]: one["sha256"] for one in told["files"]} == {
        path: hashlib.sha256(data).hexdigest() for path, data in parts.items() if path != "manifest.json"
    }
    titles = [step["title"] for step in json.loads(parts["riwayat.json"])["steps"]]
    assert titles == [
        "Draf disiapkan", "Draf dikirim ke Atasan PPID", "Disetujui Atasan", "Penetapan 500/7", "Surat yang dibuat sistem",
        "Surat bertanda tangan", "Dicabut dengan 500/8",
    ]  # fmt: skip
    frozen = json.loads(parts["butir.json"])
    assert {one["item_id"] for one in frozen} == {str(one) for one in ids}
    assert all(digest(one["body"]) == one["hash"] for one in frozen)
    assert "RIWAYAT PENETAPAN" in "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(parts["riwayat.pdf"])).pages
    )
    papers = json.loads(item["riwayat.json"])["papers"]
    kept = {hashlib.sha256(data).hexdigest() for path, data in item.items() if path.startswith("surat/")}
    assert len(papers) == 4, "two letters, and two signed copies of one name"
    assert {paper["sha256"] for paper in papers} == kept
    assert [("500/7" in paper["what"], "500/8" in paper["what"]) for paper in papers].count(
        (True, False)
    ) == 2


def test_the_evidence_of_a_determination_is_its_central_s_alone(fresh_world: World) -> None:
    region, _, made = issued(fresh_world)
    for who in (f"petugas.dinkes@{region}", f"tim@{region}"):
        with fresh_world.acting(who), pytest.raises(NotFoundError):
            service.determination_evidence(made.id)


def test_a_changed_text_is_told_word_by_word() -> None:
    before = walk.body("Rekam medis pasien")
    told = rules.changes(before, walk.body("Rekam medis semua pasien"))
    assert told[0]["label"] == "Judul informasi"
    assert ("+", "semua ") in told[0]["parts"]
    assert rules.changes(None, before) == ()


def test_names_and_cells_do_no_harm() -> None:
    assert rules.inside("../../etc/passwd") == "-..-etc-passwd"
    assert rules.inside("...") == "berkas"
    assert b"'=1+1" in rules.as_csv(["a"], [["=1+1"]])
    assert rules.as_csv(["a"], [["-5"]]).endswith(b"-5\r\n")
    assert not rules.is_web_address("javascript:alert(1)")
    assert rules.is_web_address("https://contoh.go.id/dik")


def test_where_else_an_edition_was_made_known(fresh_world: World) -> None:
    region = region_of(fresh_world)
    made = walk.determined(fresh_world, region)
    draft = determined.prepare(fresh_world, region, made.id)
    determined.publish(fresh_world, region, draft)
    at = f"/{region}/pusat/edisi/1/sarana-lain"
    app = fresh_world.app()
    app.config["WTF_CSRF_ENABLED"] = False
    client = fresh_world.client(f"pusat@{region}")
    day = walk.days(0)
    said = {
        "medium": "board", "place": "Papan pengumuman kantor", "published_by": "Subbagian humas", "url": "https://contoh.go.id/dik",
        "published_on.day": str(day.day), "published_on.month": str(day.month), "published_on.year": str(day.year),
    }  # fmt: skip
    assert "bukti" in client.post(at, data={**said, "url": ""}).get_data(as_text=True)
    assert client.post(at, data={**said, "url": "javascript:alert(1)"}).status_code == 422
    assert client.post(at, data={**said, "published_on.year": "2999"}).status_code == 422
    assert client.post(at, data=said).status_code == 303
    page = client.get(at).get_data(as_text=True)
    assert "Papan pengumuman kantor" in page
    note = page.split(f"{at}/")[1].split("/tarik")[0]
    assert client.post(f"{at}/{note}/tarik", data={"reason": " "}).status_code == 422
    assert client.post(f"{at}/{note}/tarik", data={"reason": "Salah edisi"}).status_code == 303
    assert client.post(f"{at}/{note}/tarik", data={"reason": "lagi"}).status_code == 409
    assert "Salah edisi" in client.get(at).get_data(as_text=True)
    assert fresh_world.client(f"auditor@{region}").post(at, data=said).status_code == 404
    app.config["WTF_CSRF_ENABLED"] = True
