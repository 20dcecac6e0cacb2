"""Drafts as pages: prepared by an officer, read and answered by the superior on a phone, recorded; letters as files."""

import io
import re
from uuid import UUID

from pypdf import PdfReader

from ppid_saas.consolidation import matching
from ppid_saas.consolidation.queries import matches
from ppid_saas.determinations import drafting, filing, queries
from tests.consolidation.test_matching import J, hand_in
from tests.determinations.test_determining import accepted
from tests.determinations.test_drafting import approve, drafted
from tests.fixtures import walk
from tests.fixtures.world import World

FORM = {
    "kind": "exemption", "title": "Penetapan Daftar Informasi yang Dikecualikan", "signatory": "Pejabat Contoh",
    "signatory_position": "Sekretaris Daerah", "place": "Kota Contoh", "tests": "Berita Acara Nomor 7",
}  # fmt: skip


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def post(world: World, who: str, path: str, form: dict[str, str], page: str = "") -> object:
    client = world.client(who)
    base = f"{world.path(who)}/{path}"
    shown = client.get(f"{world.path(who)}/{page or path}").get_data(as_text=True)
    return client.post(base, data={"csrf_token": field(shown, "csrf_token"), **form})


def test_the_whole_walk_by_forms(fresh_world: World) -> None:
    region, ids, _ = accepted(fresh_world)
    officer, superior = f"pusat@{region}", f"sekda@{region}"
    form = FORM | {"items": ",".join(str(one) for one in ids), "leave": str(ids[0])}
    made = post(fresh_world, officer, "penetapan/draf/baru", form)
    assert made.status_code == 303
    draft = made.headers["Location"].partition("/pusat/")[2].partition("?")[0]
    draft_id = UUID(draft.rpartition("/")[2])
    assert post(fresh_world, officer, f"{draft}/kirim", {}, draft).status_code == 303
    client = fresh_world.client(superior)
    listed = client.get(f"/{region}/pusat/telaah/persetujuan").get_data(as_text=True)
    assert "Giliran Anda: 1 penetapan" in listed
    address = f"telaah/persetujuan/{draft_id}"
    home = client.get(f"/{region}/pusat/beranda").get_data(as_text=True)
    assert "1 penetapan menunggu persetujuan Anda" in home
    assert f'href="/{region}/pusat/{address}"' in home
    page = client.get(f"/{region}/pusat/{address}").get_data(as_text=True)
    assert "KONSEP" in page
    assert walk.TITLES[1] in page
    assert walk.TITLES[0] not in page
    assert "2 butir" in page
    answered = post(fresh_world, superior, address, {"answer": "approve", "mark": field(page, "mark")})
    assert answered.status_code == 303
    home = client.get(f"/{region}/pusat/beranda").get_data(as_text=True)
    assert "Tidak ada yang menunggu persetujuan Anda" in home
    home = fresh_world.client(officer).get(f"/{region}/pusat/beranda").get_data(as_text=True)
    assert "Penetapan disetujui Atasan PPID" in home
    assert f'href="/{region}/pusat/{draft}"' in home
    wrong = post(fresh_world, officer, f"{draft}/catat", {"number": ""}, draft)
    assert wrong.status_code == 422
    day = walk.days(0)
    dated = {"dated_on.day": str(day.day), "dated_on.month": str(day.month), "dated_on.year": str(day.year)}
    done = post(fresh_world, officer, f"{draft}/catat", {"number": "500/7", **dated}, draft)
    assert done.status_code == 303
    fresh_world.drain()
    determination = done.headers["Location"].partition("?")[0]
    shown = fresh_world.client(officer).get(determination).get_data(as_text=True)
    assert "SHA-256" in shown
    pdf = fresh_world.client(superior).get(f"{determination}/surat.pdf")
    assert pdf.mimetype == "application/pdf"
    word = fresh_world.client(officer).get(f"{determination}/surat.docx")
    assert word.get_data()[:2] == b"PK"
    for strange in ("surat.exe", "surat.pdf?jilid=2", "surat.pdf?jilid=-1", "surat.pdf?jilid=٢"):
        assert fresh_world.client(officer).get(f"{determination}/{strange}").status_code == 404


def test_a_title_that_nobody_wrote_follows_the_kind(fresh_world: World) -> None:
    region, ids, _ = accepted(fresh_world)
    officer, form = (
        f"pusat@{region}",
        FORM | {"kind": "amendment", "items": ",".join(str(one) for one in ids)},
    )
    for written, kept in (
        (FORM["title"], "Perubahan Penetapan Informasi yang Dikecualikan"),
        ("Perubahan kedua", "Perubahan kedua"),
    ):
        made = post(fresh_world, officer, "penetapan/draf/baru", form | {"title": written})
        page = fresh_world.client(officer).get(made.headers["Location"]).get_data(as_text=True)
        assert re.search(r"<h1[^>]*>\s*([^<]*?)\s*</h1>", page)[1] == kept


def test_each_thing_on_a_determination_has_a_name_of_its_own(fresh_world: World) -> None:
    region, _, draft_id = drafted(fresh_world)
    approve(fresh_world, region, draft_id)
    with fresh_world.acting(f"pusat@{region}"):
        made = _issued(draft_id)
    page = (
        fresh_world.client(f"pusat@{region}").get(f"/{region}/pusat/penetapan/{made}").get_data(as_text=True)
    )
    named = re.findall(r' id="([^"]+)"', page)
    assert sorted(named) == sorted(set(named))


def test_what_is_undecided_is_said_on_the_draft_and_to_the_superior(fresh_world: World) -> None:
    region, _ids, draft_id = drafted(fresh_world)
    hand_in(fresh_world, region, "disdik", [walk.body(walk.TITLES[0], grounds=J)])
    pages = {
        f"pusat@{region}": f"penetapan/draf/{draft_id}",
        f"sekda@{region}": f"telaah/persetujuan/{draft_id}",
    }
    said = "1 pasangan tampak ganda atau bertentangan belum diputus"
    for who, path in pages.items():
        assert said in fresh_world.client(who).get(f"/{region}/pusat/{path}").get_data(as_text=True)
    with fresh_world.acting(f"pusat@{region}"):
        (pair,) = matches.queue()
        matching.decide(pair.row.item_a, pair.row.item_b, "different")
    for who, path in pages.items():
        assert said not in fresh_world.client(who).get(f"/{region}/pusat/{path}").get_data(as_text=True)


def test_the_letter_is_kept_as_it_is_read_again(fresh_world: World) -> None:
    region, _, draft_id = drafted(fresh_world)
    approve(fresh_world, region, draft_id)
    with fresh_world.acting(f"pusat@{region}"):
        made = filing.queries.determination(_issued(draft_id))
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        (kept,) = queries.files(made.id)
        assert kept.kind == filing.LETTER
        opened = filing.documents.open_document(kept.document_id)
        with opened.stream as stream:
            reader = PdfReader(io.BytesIO(stream.read()))
            text = " ".join(page.extract_text() for page in reader.pages)
    again = fresh_world.client(f"pusat@{region}").get(f"/{region}/pusat/penetapan/{made.id}/surat.pdf")
    assert len(again.get_data()) == kept.size
    assert made.code in text
    assert "KONSEP" not in text


def _issued(draft_id: UUID) -> UUID:
    return drafting.issue(draft_id, "500/7", walk.days(0)).id


def test_a_mark_that_is_old_asks_to_read_again_and_a_note_is_needed(fresh_world: World) -> None:
    region, _, draft_id = drafted(fresh_world)
    superior, address = f"sekda@{region}", f"telaah/persetujuan/{draft_id}"
    stale = post(fresh_world, superior, address, {"answer": "approve", "mark": "x"})
    assert stale.status_code == 409
    assert "Baca sekali lagi" in stale.get_data(as_text=True)
    assert post(fresh_world, superior, address, {"answer": "return", "note": " "}).status_code == 422
    assert post(fresh_world, superior, address, {"answer": "x"}).status_code == 404
    assert (
        post(fresh_world, superior, address, {"answer": "return", "note": "Ganti judul."}).status_code == 303
    )
    page = fresh_world.client(f"pusat@{region}").get(f"/{region}/pusat/penetapan/draf/{draft_id}")
    assert "Ganti judul." in page.get_data(as_text=True)
