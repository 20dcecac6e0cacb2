"""What the register writes into a file comes back as it was: whatever is in the items, unchanged means no change."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from ppid_saas.intake.jobs import is_our_export
from ppid_saas.intake.rules import best_sheet, data_rows, row_values, understand
from ppid_saas.intake.rules.bodies import body_of
from ppid_saas.intake.rules.comparing import changes_of, merged
from ppid_saas.intake.rules.matching import Asked, match_all
from ppid_saas.intake.workbooks.reading import read_workbook
from ppid_saas.law.citations import parse_citation
from ppid_saas.law.grounds import catalogue
from ppid_saas.law.wording import parse_period
from ppid_saas.proofs import digest
from ppid_saas.register.cells import mark_of, neutral, plain
from ppid_saas.register.exports import Exported, comma_separated, workbook
from ppid_saas.register.rules import Body, Known, cited, whole_body
from ppid_saas.register.schemas import ItemBodySchema

HOSTILE = (
    "=1+1", "+62 811", "-", "- butir pertama\n- butir kedua", "@jabatan", "'=1", "''=1", "'biasa", "Ditetapkan di Kota",
    "Jumlah: 3", "Catatan: lihat lampiran", "No", "Informasi", "Dasar Hukum", "A. SEKRETARIAT", "1", "NIP. 1", "Mengetahui,",
    "a;b,c\td|e", 'kata "kutip" dan\nbaris', "  dua  spasi\n\nbaris kosong ", "sep=;", "\u200bnol lebar", "é ñ 漢字", "*) kaki",
)  # fmt: skip
WORDINGS = (
    "", "5 (lima) tahun", "s.d. 31 Desember 2027", "Tidak terbatas", "Selama proses lelang", "Permanen, kecuali dengan izin pemilik",
    "2025-2027", "Sampai ada persetujuan tertulis dari pemilik", "1 tahun / dibuka bila ada putusan", "entah",
)  # fmt: skip
CITATIONS = (
    "", "UU KIP", "Pasal 17 huruf h angka 3 UU 14/2008", "UU 14/2008 Pasal 17 huruf a\nUU 27/2022 Pasal 4",
    "Pasal 17 (g), (h) angka 3", "peraturan setempat",
)  # fmt: skip
texts = st.one_of(st.just(""), st.sampled_from(HOSTILE), st.text(max_size=30))
dates = st.one_of(st.none(), st.dates().map(lambda day: day.isoformat()))
made_periods = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(
            ("fixed", "until_date", "until_event", "until_consent", "unlimited", "unspecified")
        ),
        "value": st.one_of(st.none(), st.integers(1, 40)),
        "unit": st.sampled_from((None, "year", "month", "day")),
        "starts_on": dates,
        "ends_on": dates,
        "review_on": dates,
        "event": st.one_of(st.none(), texts),
        "release": st.lists(texts.filter(bool), max_size=3),
        "text": st.one_of(st.sampled_from(WORDINGS), texts),
    }
)
periods = st.one_of(
    made_periods, st.sampled_from(WORDINGS).map(lambda text: parse_period(text).to_dict() | {"text": text})
)
picked = st.sampled_from(sorted(catalogue().grounds)).map(
    lambda code: {
        "code": code,
        "law": "UU 14/2008",
        "article": f"Pasal {code}",
        "text": f"Pasal {code} UU 14/2008",
    }
)
grounds = st.one_of(
    st.lists(picked, max_size=3),
    st.sampled_from(CITATIONS).map(lambda text: [found.as_ground() for found in parse_citation(text)]),
    texts.map(lambda text: [{"code": None, "law": None, "article": None, "text": text}]),
)
drafts = st.fixed_dictionaries(
    {
        "title": st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=40)),
        "part": st.sampled_from((None, "whole", "part")),
        "grounds": grounds,
        "period": periods,
        **dict.fromkeys(
            ("document", "open_part", "harm", "benefit", "interest", "loss", "holder", "note"), texts
        ),
    }
)


def kept(draft: dict[str, Any]) -> Body | None:
    """The body as the register keeps it, or None when it takes no such thing."""
    try:
        return ItemBodySchema().load(draft)
    except ValidationError:
        return None


bodies = st.lists(drafts.map(kept).filter(lambda body: body is not None), min_size=1, max_size=6)
READERS: dict[str, Callable[[Iterable[Exported]], bytes]] = {"xlsx": workbook, "csv": comma_separated}


def register(items: list[Body]) -> list[Exported]:
    return [
        Exported(ref, UUID(int=0x7000 + ref * 0x1111), whole_body(body))
        for ref, body in enumerate(items, start=1)
    ]


def known(items: list[Exported]) -> list[Known]:
    return [
        Known(
            item.id,
            item.ref,
            item.body["title"],
            "draft",
            1,
            digest(item.body),
            tuple(code for code, _ in cited(item.body)),
        )
        for item in items
    ]


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(written=bodies)
def test_a_register_comes_back_without_a_change(kind: str, written: list[Body]):
    items = register(written)
    understood = understand(best_sheet(read_workbook(READERS[kind](items), f"daftar.{kind}")))
    assert is_our_export(understood)
    assert {column.confidence for column in understood.columns} == {"sure"}
    rows = [{str(k): v for k, v in cells.items() if v} for cells in row_values(understood)]
    assert [cells.get("code") for cells in rows] == [mark_of(item.ref, item.id) for item in items]
    mapped = [column.field for column in understood.columns if column.field]
    matches = match_all(
        [Asked(n, cells["code"], body_of(cells)) for n, cells in enumerate(rows)], known(items)
    )
    for n, (cells, item) in enumerate(zip(rows, items, strict=True)):
        assert (matches[n].item.id, matches[n].how) == (item.id, "code")
        assert changes_of(item.body, cells, mapped) == []
        assert merged(item.body, cells, mapped, []) == item.body


def test_one_cell_changed_is_one_change():
    body = whole_body(
        {
            "title": "Nilai penawaran peserta",
            "grounds": [citation.as_ground() for citation in parse_citation("Pasal 17 huruf b UU 14/2008")],
            "harm": "Persaingan rusak",
            "period": parse_period("2 tahun").to_dict(),
            "note": "lama",
        }
    )
    items = register([body])
    data = comma_separated(items).decode("utf-8-sig").replace("2 tahun", "3 tahun").replace("lama", "")
    understood = understand(best_sheet(read_workbook(data.encode(), "daftar.csv")))
    (cells,) = row_values(understood)
    mapped = [column.field for column in understood.columns if column.field]
    assert [tuple(change) for change in changes_of(body, cells, mapped)] == [
        ("period", "2 tahun", "3 tahun"),
        ("note", "lama", ""),
    ]
    assert merged(body, cells, mapped, [])["period"]["value"] == 3
    assert merged(body, cells, mapped, ["period"]) == body | {"note": ""}
    assert changes_of(body, {"title": "Nilai penawaran peserta"}, ["title"]) == []


@given(st.text(alphabet="'=+-@\ta", max_size=8))
def test_nothing_runs_and_nothing_is_lost(text: str):
    cell = neutral(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert plain(cell) == text


def test_rows_stay_items_whatever_they_say():
    items = register(
        [whole_body({"title": title.strip(), "note": note}) for title in HOSTILE[:18] for note in ("", "x")]
    )
    understood = understand(best_sheet(read_workbook(workbook(items), "daftar.xlsx")))
    assert len(data_rows(understood)) == len(items)
