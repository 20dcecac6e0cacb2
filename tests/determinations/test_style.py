"""How letters are written: kept with each determination, refused with the reason, tried out before it is kept."""

import io

from pypdf import PdfReader

from ppid_saas.determinations import filing, queries, service, styling
from tests.determinations.test_determining import accepted
from tests.determinations.test_draft_pages import field
from tests.fixtures import walk
from tests.fixtures.world import World

TYPED = {
    "instrument": "keputusan", "paper": "f4", "grouping": "letter", "head": "PEMERINTAH KABUPATEN CONTOH\nSEKRETARIAT DAERAH",
    "signatory": "Pejabat Contoh", "position": "Sekretaris Daerah", "number": "", "place": "Kota Contoh", "pattern": "500/…",
}  # fmt: skip


def post(world: World, region: str, form: dict[str, str]) -> object:
    client = world.client(f"kabid@{region}")
    address = f"/{region}/pusat/penetapan/surat"
    token = field(client.get(address).get_data(as_text=True), "csrf_token")
    return client.post(address, data={"csrf_token": token, **form})


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_style_is_tried_kept_and_stays_with_what_was_determined(fresh_world: World) -> None:
    region, ids, _ = accepted(fresh_world)
    own = {"keputusan.exemption.first": "Tetapkan {butir} butir ini."}
    tried = post(fresh_world, region, TYPED | own | {"go": "exemption"})
    assert tried.mimetype == "application/pdf"
    text = text_of(tried.get_data())
    assert "Tetapkan 2 butir ini." in text
    assert "KONSEP" in text
    with fresh_world.acting(f"kabid@{region}"):
        assert styling.said() == {}
    assert post(fresh_world, region, TYPED | own).status_code == 303
    with fresh_world.acting(f"pusat@{region}"):
        made = service.make_determination(walk.letter("500/1"), ids)
    assert post(fresh_world, region, TYPED | {"instrument": "surat"}).status_code == 303
    with fresh_world.acting(f"pusat@{region}"):
        (volume,) = filing.volumes(queries.determination(made.id))
        assert volume.frame.paper == "f4"
        assert any("Tetapkan 3 butir ini." in str(block) for block in volume.blocks)
        assert styling.said()["wording"] == {}


def test_a_wording_that_cannot_stand_is_refused_at_its_place(fresh_world: World) -> None:
    region = next(region for region, slug in fresh_world.tenants if slug == "pusat")
    for typed, said in (
        ("Menetapkan informasi.", "{butir} wajib"),
        ("{butir} {gubernur}", "{gubernur} tidak dikenal"),
        ("{butir", "tidak berpasangan"),
    ):
        for go in ("", "exemption"):
            answer = post(fresh_world, region, TYPED | {"keputusan.exemption.first": typed, "go": go})
            assert answer.status_code == 422
            page = answer.get_data(as_text=True)
            assert said in page
            assert typed in page
    with fresh_world.acting(f"kabid@{region}"):
        assert styling.said() == {}
    for who in ("pusat", "sekda"):
        assert (
            fresh_world.client(f"{who}@{region}").get(f"/{region}/pusat/penetapan/surat").status_code == 404
        )
