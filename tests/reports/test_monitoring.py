"""A year's evidence: what the questionnaire asks for, each part named with its hash, links that stay."""

import io
import json
import zipfile

from tests.fixtures import determined, walk
from tests.fixtures.world import World
from tests.reports.test_history import region_of


def test_a_year_is_told_and_taken_along(fresh_world: World) -> None:
    region = region_of(fresh_world)
    made = walk.determined(fresh_world, region)
    determined.publish(fresh_world, region, determined.prepare(fresh_world, region, made.id))
    app = fresh_world.app()
    app.config["WTF_CSRF_ENABLED"] = False
    client = fresh_world.client(f"auditor@{region}")
    page = client.get(f"/{region}/pusat/laporan").get_data(as_text=True)
    assert "Dinas Kesehatan" in page
    assert "Belum mengirim" in page
    assert "review.due" in page
    year = str(walk.days(0).year)
    at = f"/{region}/pusat/laporan/bukti"
    for wrong in ("", "1900", "x", "99999999999999999999"):
        assert client.post(at, data={"year": wrong}).status_code == 422
    for other in (f"petugas.dinkes@{region}", f"tim@{region}"):
        assert fresh_world.client(other).post(at, data={"year": year}).status_code == 404
    answer = client.post(at, data={"year": year})
    app.config["WTF_CSRF_ENABLED"] = True
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    named = {one["path"] for one in json.loads(parts["manifest.json"])["files"]}
    assert named == set(parts) - {"manifest.json"}
    assert {
        "isi.html",
        "isi.csv",
        "isi.pdf",
        "sk/daftar.csv",
        "unit/rekap.csv",
        "unit/per-pasal.csv",
        "pembaruan.csv",
        "aksesibilitas.txt",
    } <= named
    assert b"500/1/2026" in parts["sk/daftar.csv"]
    assert b"/edisi/1" in parts["isi.html"]
    assert b"Dinas Kesehatan;17h;3" in parts["unit/per-pasal.csv"]
