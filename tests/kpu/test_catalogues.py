"""A KPU office's narrower catalogue of grounds and its own types of document, as its own data."""

import pytest

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.accounts import queries as accounts
from ppid_saas.accounts.service import invite, roles_of
from ppid_saas.kpu import queries, service
from ppid_saas.register import service as register
from ppid_saas.register.narrower import beyond, letters, offered
from ppid_saas.submissions.queries import unit
from tests.fixtures import walk
from tests.kpu.conftest import Kpu
from tests.submissions.test_pages import post

NARROW = {"grounds": ["17a", "17h", "17i", "17j"]}
TRADE = [{"code": "17b", "law": "UU 14/2008", "article": "Pasal 17 huruf b", "text": ""}]


def test_without_the_setting_every_letter_is_offered_and_nothing_is_strange() -> None:
    assert len(offered({})) == len(offered({"grounds": []})) > 10
    assert beyond({"grounds": TRADE}, {}) == ""


def test_a_narrower_catalogue_offers_its_letters_and_what_an_item_has_already() -> None:
    assert {code.partition(".")[0] for code in offered(NARROW)} == letters(NARROW) == set(NARROW["grounds"])
    assert "17b" in offered(NARROW, {"17b"})
    assert "17h.4" in offered(NARROW)
    assert "Huruf b" in beyond({"grounds": TRADE}, NARROW)
    assert beyond({"grounds": [{"code": "17h.4"}]}, NARROW) == ""


def test_the_head_sets_both_and_forms_and_checks_follow(kpu: Kpu) -> None:
    at = f"{kpu.at}/pengaturan"
    head = kpu.world.client(kpu.head)
    form = {"doc_types": "Surat\nRekaman\n\nSurat", "grounds": NARROW["grounds"]}
    assert post(head, at, at, **form).status_code == 303
    new = kpu.world.client(kpu.officer).get(f"/{kpu.region}/u/kpu/butir/tambah").get_data(as_text=True)
    assert 'value="17h"' in new
    assert 'value="17b"' not in new
    with kpu.world.acting(kpu.officer):
        assert queries.doc_types() == ["Surat", "Rekaman"]
        register.save_item(walk.body("Harga kontrak", grounds=TRADE))
    round_id = kpu.opened()
    with kpu.world.acting(kpu.officer), pytest.raises(ConflictError, match="1 butir belum lengkap"):
        service.close(round_id)
    window = walk.open_collection(kpu.world, kpu.region)
    with kpu.world.acting(kpu.officer):
        assert [one.message for one in unit.handing(window).blocks if one.field == "grounds"] == [
            "Dasar hukum Huruf b – Kekayaan intelektual dan persaingan usaha tidak termasuk katalog unit ini."
        ]


@pytest.mark.parametrize(
    "form", [{"doc_types": " \n"}, {"doc_types": "x" * 101}, {"doc_types": "A", "grounds": ["17z"]}]
)
def test_what_cannot_be_is_refused(kpu: Kpu, form: dict[str, object]) -> None:
    at = f"{kpu.at}/pengaturan"
    assert post(kpu.world.client(kpu.head), at, at, **form).status_code == 422
    assert post(kpu.world.client(kpu.officer), at, at, doc_types="A").status_code == 404


def test_the_head_invites_who_approves_and_nobody_is_invited_to_what_an_office_lacks(kpu: Kpu) -> None:
    at, page = f"{kpu.at}/undang", f"{kpu.at}/pengaturan"
    head = kpu.world.client(kpu.head)
    tag = kpu.region
    assert (
        post(
            head, at, page, name="Anggota KPU", email=f"baru.{tag}@contoh.test", authority="pembina"
        ).status_code
        == 303
    )
    with kpu.world.acting(f"admin.kpu@{tag}"):
        assert {"pembina"} in [
            set(one.roles) for one in accounts.people() if one.email == f"baru.{tag}@contoh.test"
        ]
    for wrong in ({"name": ""}, {"email": "bukan"}, {"authority": "central_head"}, {"authority": ""}):
        form = {"name": "A", "email": "a@contoh.test", "authority": "superior"} | wrong
        assert post(head, at, page, **form).status_code == 422
    assert "pembina" not in roles_of("unit", "SKPD")
    with kpu.world.acting(f"admin.dinkes@{tag}"), pytest.raises(InvalidError):
        invite("A", "a@contoh.test", "superior")
