"""The register on screen, as a browser without JavaScript uses it."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from ppid_saas.register import forms, queries, rules, service
from tenants.db import transaction
from tests.fixtures.forms import post, text_of, token_of
from tests.fixtures.world import World

AT = "/sana/u/dinkes/butir"
WHO = "petugas.dinkes@sana"
FULL: dict[str, Any] = {
    "title": "Rekam medis pasien", "document": "Berkas rekam medis", "part": "part", "open_part": "Jumlah pasien",
    "grounds": ["17h", "17h.2"], "other_law": "UU 17/2023 Pasal 177", "harm": "Pasien malu. Pasien dirugikan.",
    "benefit": "Warga tahu beban layanan.", "interest": "Rahasia pasien.", "loss": "", "period.kind": "fixed",
    "period.value": "5", "period.unit": "year", "period.starts_on.day": "5", "period.starts_on.month": "Agustus",
    "period.starts_on.year": "2026", "period.release": "persetujuan pasien\nputusan hakim", "period.text": "5 tahun",
    "holder": "Kepala Bidang Pelayanan", "note": "",
}  # fmt: skip


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.client(WHO)


def add(client: FlaskClient, **data: Any) -> int:
    answer = post(client, f"{AT}/tambah", {"title": "Denah gudang obat"} | data)
    assert answer.status_code == 303, text_of(answer)
    found = re.search(r"/butir/(\d+)", answer.location)
    assert found
    return int(found[1])


def test_add_look_change_delete_undo(world: World, client: FlaskClient) -> None:
    ref = add(client)
    shown = text_of(client.get(f"{AT}/{ref}"))
    assert "Denah gudang obat" in shown
    assert "1 dari 9" in shown
    assert "Belum diisi" in shown
    answer = post(client, f"{AT}/{ref}/ubah", FULL | {"version": "1"})
    assert answer.status_code == 303
    shown = text_of(client.get(answer.location))
    for words in (
        "9 dari 9",
        "Tersimpan",
        "Versi 2",
        "5 tahun sejak 5 Agustus 2026",
        "UU 17/2023",
        "Petugas dinkes",
    ):
        assert words in shown
    answer = post(client, f"{AT}/{ref}", {}, f"{AT}/{ref}/hapus")
    undo = text_of(client.get(answer.location))
    assert f"Butir {ref} dihapus" in undo
    assert client.get(f"{AT}/{ref}").status_code == 404
    answer = client.post(f"{AT}/{ref}/pulihkan", data={"csrf_token": token_of(client, answer.location)})
    assert "dikembalikan" in text_of(client.get(answer.location))
    with world.acting(WHO):
        assert queries.item(ref).version == 2


def test_the_form_shows_what_was_saved_and_saving_it_again_changes_nothing(
    world: World, client: FlaskClient
) -> None:
    ref = add(client, **FULL)
    with world.acting(WHO):
        saved = queries.item(ref)
        body = saved.body
    assert body["grounds"][0] == {
        "code": "17h",
        "law": "UU 14/2008",
        "article": "Pasal 17 huruf h",
        "text": "Pasal 17 huruf h UU 14/2008",
    }
    assert (body["period"]["starts_on"], body["period"]["release"]) == (
        "2026-08-05",
        ["persetujuan pasien", "putusan hakim"],
    )
    sent = form_in(text_of(client.get(f"{AT}/{ref}/ubah")))
    assert sent["title"] == ["Rekam medis pasien"]
    assert sent["period.starts_on.month"] == ["8"]
    assert client.post(f"{AT}/{ref}/ubah", data=sent).status_code == 303
    with world.acting(WHO):
        assert queries.item(ref).version == 1


def form_in(page: str) -> dict[str, list[str]]:
    """Read back every value of the item form, as a browser would send it."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.sent: dict[str, list[str]] = {}
            self.inside, self.open, self.select = False, "", ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            at = dict(attrs)
            if tag == "form":
                self.inside = at.get("id") == "item-form"
            if not self.inside:
                return
            name = at.get("name") or ""
            if tag == "input" and name and (at.get("type") not in {"checkbox", "radio"} or "checked" in at):
                self.sent.setdefault(name, []).append(at.get("value") or "")
            if tag == "textarea":
                self.open = name
                self.sent.setdefault(name, [""])
            if tag == "select":
                self.select = name
            if tag == "option" and "selected" in at:
                self.sent.setdefault(self.select, []).append(at.get("value") or "")

        def handle_data(self, data: str) -> None:
            if self.open:
                self.sent[self.open][0] += data

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                self.open = ""
            if tag == "form":
                self.inside = False

    reader = Reader()
    reader.feed(page)
    return reader.sent


def test_every_body_survives_the_form(world: World) -> None:
    bodies = [
        {
            "title": "A",
            "grounds": [
                {"code": None, "law": "UU 36/2009", "article": "Pasal 8", "text": "UU 36/2009\n(Pasal 8)"},
                {"code": "17j", "law": "UU 14/2008", "article": "x", "text": "lama"},
            ],
        },
        {
            "title": "B",
            "period": {
                "kind": "until_event",
                "event": "lelang selesai",
                "review_on": "2027-01-09",
                "text": "selama lelang",
            },
        },
        {
            "title": "C",
            "period": {"kind": "unlimited", "release": ["izin", "putusan"], "text": "Permanen"},
            "part": "whole",
        },
        {
            "title": "E",
            "article18": "office",
            "balance": "part",
            "balance_reason": "Lebih ringan.",
            "trigger": "order",
            "trigger_note": "PTS-1",
            "participants": ["Sekretaris", "Kepala Bidang"],
            "forms": ["softcopy", "hardcopy"],
            "softcopy_place": "peladen",
            "hardcopy_place": "rak 3",
            "security_class": "limited",
            "retention": "2 tahun",
            "summary": "x",
            "maker": "y",
            "made": "z",
        },
        {"title": "D", "note": "baris satu\nbaris dua", "harm": "x", "document": "y"},
    ]
    for data in bodies:
        body = rules.whole_body(data)
        form = forms.fields_of_body(body)
        sent = MultiDict([(name, value.replace("\n", "\r\n")) for name, value in form.items(multi=True)])
        assert forms.body_of_form(sent, body) == body


def test_two_people_settle_their_changes(world: World, client: FlaskClient) -> None:
    ref = add(client, **FULL)
    assert (
        post(
            client, f"{AT}/{ref}/ubah", FULL | {"version": "1", "harm": "Akibat menurut orang lain."}
        ).status_code
        == 303
    )
    mine = FULL | {"version": "1", "harm": "Akibat menurut saya.", "holder": "Sekretaris Dinas"}
    answer = post(client, f"{AT}/{ref}/ubah", mine)
    assert answer.status_code == 409
    page = text_of(answer)
    for words in (
        "Akibat menurut saya.",
        "Akibat menurut orang lain.",
        "Sekretaris Dinas",
        'name="version" value="2"',
    ):
        assert words in page
    settled = mine | {"version": "2", "pick.harm": "theirs", "pick.holder": "mine"}
    assert post(client, f"{AT}/{ref}/ubah", settled).status_code == 303
    with world.acting(WHO):
        body = queries.item(ref).body
    assert (body["harm"], body["holder"]) == ("Akibat menurut orang lain.", "Sekretaris Dinas")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"title": " "}, "title"),
        ({"admin": "1"}, "admin"),
        ({"period.hack": "1"}, "period.hack"),
        ({"grounds": "17z"}, "grounds.0.code"),
        ({"part": "both"}, "part"),
        ({"period.kind": "forever"}, "period.kind"),
        ({"period.value": "lima"}, "period.value"),
        ({"period.value": "99999999999999999999"}, "period.value"),
        (
            {"period.ends_on.day": "31", "period.ends_on.month": "2", "period.ends_on.year": "2027"},
            "period.ends_on",
        ),
        ({"period.ends_on.year": "2027"}, "period.ends_on"),
        ({"harm": "x" * 20_001}, "harm"),
        ({"harm": "nol \x00 nol"}, "harm"),
        ({"harm": "\ud800".encode("utf-8", "surrogatepass")}, None),
    ],
)
def test_hostile_fields_are_refused_in_words(
    client: FlaskClient, data: dict[str, Any], field: str | None
) -> None:
    answer = post(client, f"{AT}/tambah", {"title": "Percobaan"} | data)
    if field is None:
        assert answer.status_code in {303, 422}
        return
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Ada yang perlu diperbaiki" in page
    assert f'href="#f-{field}"' in page


def test_a_refused_form_keeps_what_was_typed(client: FlaskClient) -> None:
    page = text_of(post(client, f"{AT}/tambah", FULL | {"period.starts_on.month": "Agustusan"}))
    assert "Tulis tanggal, bulan, dan tahun yang benar" in page
    for words in ("Pasien malu. Pasien dirugikan.", "Agustusan", 'value="17h.2" checked'):
        assert words in page


def test_a_locked_item_says_so(world: World, client: FlaskClient) -> None:
    ref = add(client)
    with world.acting(WHO):
        service.mark_submitted([queries.item(ref).id])
    assert service.LOCKED in text_of(client.get(f"{AT}/{ref}/ubah"))
    answer = post(client, f"{AT}/tambah", FULL | {"version": "1"}, f"{AT}/{ref}/ubah")
    assert answer.status_code == 409
    assert service.LOCKED in text_of(answer)
    assert post(client, f"{AT}/tambah", {}, f"{AT}/{ref}/hapus").status_code == 409


def test_the_list_filters_sorts_and_pages(fresh_world: World) -> None:
    region = next(iter(fresh_world.tenants))[0]
    who, at = f"petugas.dpupr@{region}", f"/{region}/u/dpupr/butir"
    client = fresh_world.client(who)
    assert "Belum ada informasi di daftar ini" in text_of(client.get(at))
    with fresh_world.acting(who), transaction():
        service.put_items(
            [
                rules.whole_body(
                    {
                        "title": f"Jembatan {n:02}",
                        "grounds": [{"code": "17c" if n % 2 else "17h", "law": "UU 14/2008"}],
                    }
                )
                for n in range(30)
            ]
        )
    first = text_of(client.get(at))
    assert "1–25 dari 30" in first
    assert "Jembatan 29" not in first
    assert "Jembatan 29" in text_of(client.get(f"{at}?hal=2"))
    assert "Jembatan 29" in text_of(client.get(f"{at}?hal=99"))
    assert "Jembatan 29" in text_of(client.get(f"{at}?urut=-judul"))
    filtered = text_of(client.get(f"{at}?dasar=17c&q=jembatan"))
    assert "15 hasil" in filtered
    assert "(tanpa saringan: 30)" in filtered
    assert "Jembatan 02" not in filtered
    assert "Tidak ada yang cocok" in text_of(client.get(f"{at}?q=tidak-ada"))
    assert client.get(f"{at}?status=x&dasar=y&urut=z&hal=-1&dihapus=abc").status_code == 200
    fragment = client.get(f"{at}?q=29", headers={"HX-Request": "true"})
    assert "<html" not in text_of(fragment)
    assert "Jembatan 29" in text_of(fragment)
    assert fragment.headers["Vary"].startswith("HX-Request")


def test_completeness_follows_the_form_and_saves_nothing(world: World, client: FlaskClient) -> None:
    with world.acting(WHO):
        before = queries.count()
    answer = post(client, f"{AT}/tambah", FULL, f"{AT}/kelengkapan")
    assert "9 dari 9" in text_of(answer)
    assert "<html" not in text_of(answer)
    untitled = post(client, f"{AT}/tambah", {"title": "", "holder": "Camat"}, f"{AT}/kelengkapan")
    assert "1 dari 9" in text_of(untitled)
    with world.acting(WHO):
        assert queries.count() == before


def test_a_sibling_sees_a_404_everywhere(world: World, client: FlaskClient) -> None:
    ref = add(client)
    sibling = world.client("petugas.disdik@sana")
    token = token_of(sibling, "/sana/u/disdik/butir/tambah")
    for path in ("", "/tambah", f"/{ref}", f"/{ref}/ubah"):
        assert sibling.get(f"{AT}{path}").status_code == 404
    for path in ("/tambah", f"/{ref}/ubah", f"/{ref}/hapus", f"/{ref}/pulihkan"):
        assert (
            sibling.post(
                f"{AT}{path}", data={"csrf_token": token, "title": "Milik kami", "version": "1"}
            ).status_code
            == 404
        )
    with world.acting(WHO):
        assert queries.item(ref).version == 1
    assert world.client().get(AT).status_code == 401


def test_a_head_reads_but_is_offered_no_changes(world: World, client: FlaskClient) -> None:
    ref = add(client)
    head = world.client("kepala.dinkes@sana")
    page = text_of(head.get(f"{AT}/{ref}"))
    assert "Denah gudang obat" in page
    assert "/ubah" not in page
    assert "Hapus draf" not in page
    assert post(client, f"{AT}/tambah", {"title": "x"}, "/sana/u/dinkes/butir/tambah").status_code == 303
    token = token_of(head, AT)
    assert head.post(f"{AT}/{ref}/hapus", data={"csrf_token": token}).status_code == 404


def test_text_is_shown_as_text(client: FlaskClient) -> None:
    ref = add(client, title="<script>alert(1)</script> peta", harm="<b>tebal</b>")
    page = text_of(client.get(f"{AT}/{ref}"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<b>tebal" not in page
