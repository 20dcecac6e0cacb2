"""Imports for programs: from a file to items by key, in the documented shapes."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from ppid_saas.intake.schemas import ImportOut
from ppid_saas.register import queries as register
from tests.fixtures.world import World

SAMPLE = Path(__file__).parents[1] / "samples" / "contoh-daftar.xlsx"


class Program:
    """A program with the key of one unit's officer."""

    def __init__(self, world: World, who: str) -> None:
        self.world, self.who, self.client = world, who, world.client()
        self.key, self.at = world.key(who), f"/api/v1{world.path(who)}/imports"

    def send(self, data: bytes, name: str) -> Any:
        file = {"file": (io.BytesIO(data), name)}
        answer = self.client.post(self.at, data=file, headers=self.key, content_type="multipart/form-data")
        answer.request.environ["wsgi.input"].close()
        return answer

    def ask(self, method: str, path: str = "", **more: Any) -> Any:
        answer = self.client.open(path, method=method, headers=self.key, **more)
        if answer.status_code < 300:
            assert ImportOut().validate(answer.json) == {}
        return answer


@pytest.fixture
def program(fresh_world: World) -> Program:
    return Program(fresh_world, f"petugas.dinkes@{next(iter(fresh_world.tenants))[0]}")


def test_send_read_change_save_undo(program: Program) -> None:
    answer = program.send(SAMPLE.read_bytes(), "daftar.xlsx")
    assert (answer.status_code, answer.json["state"]) == (202, "uploaded")
    at = answer.headers["Location"]
    program.world.drain()
    read = program.ask("GET", f"{at}?limit=5").json
    assert (read["state"], len(read["rows"]), read["problem"]) == ("understood", 5, None)
    assert {c["field"] for c in read["columns"]} >= {"title", "ground", "harm", "interest", "period"}
    rest = program.ask("GET", f"{at}?limit=500&cursor={read['next']}").json
    numbers = [row["n"] for row in (*read["rows"], *rest["rows"])]
    assert (len(numbers), rest["next"]) == (read["counts"]["rows"], None)
    assert {row["item"] for row in (*read["rows"], *rest["rows"])} == {None}
    assert program.ask("PUT", f"{at}/columns", json={}).json["state"] == "checked"
    change = {
        "rows": [
            {"n": numbers[0], "cells": {"title": "Judul dari program"}},
            {"n": numbers[1], "take": False},
        ]
    }
    assert (
        program.ask("PATCH", f"{at}/rows", json=change).json["rows"][0]["body"]["title"]
        == "Judul dari program"
    )
    saved = [program.ask("POST", f"{at}/save").json for _ in range(2)]
    assert saved[0]["state"] == "saved"
    assert saved[0] == saved[1]
    assert [row["item"] is None for row in saved[0]["rows"][:3]] == [False, True, False]
    with program.world.acting(program.who):
        titles = [item.title for item in register.items_for_submission()]
    assert len(titles) == read["counts"]["taken"] - 1
    assert "Judul dari program" in titles
    assert program.ask("PUT", f"{at}/columns", json={}).status_code == 409
    assert program.ask("POST", f"{at}/undo").json["state"] == "undone"
    with program.world.acting(program.who):
        assert register.count() == 0


def brought_again(program: Program, harm: str) -> tuple[str, dict[str, Any]]:
    """Import two rows, then the same titles with other words in a column and one title slightly changed."""
    head = "Informasi;Dasar Hukum;Akibat bila dibuka;Kepentingan bila ditutup;Jangka Waktu\n"
    rest = "Pasal 17 huruf a UU 14/2008;{};Hak warga;5 tahun\n"
    titles = ("Berkas perkara yang masih disidik", "Rencana pemeriksaan mendadak di lapangan")
    for bodies in (
        zip(titles, ("Terganggu", "Terganggu"), strict=True),
        zip((titles[0], titles[1] + "an"), (harm, harm), strict=True),
    ):
        data = head + "".join(f"{title};{rest.format(text)}" for title, text in bodies)
        at = program.send(data.encode(), "daftar.csv").headers["Location"]
        program.world.drain()
        program.ask("PUT", f"{at}/columns", json={})
        if harm not in data:
            assert program.ask("POST", f"{at}/save").json["counts"]["new"] == 2
    return at, program.ask("GET", at).json


def test_a_file_brought_again_is_settled_cell_by_cell(program: Program) -> None:
    at, read = brought_again(program, "Saksi terancam")
    changed, alike = read["rows"][-2:]
    assert (changed["fate"], alike["fate"], read["counts"]["changed"]) == ("changed", "alike", 1)
    assert changed["changes"] == [
        {"field": "harm", "before": "Terganggu", "after": "Saksi terancam", "keep": False}
    ]
    decided = {"rows": [{"n": changed["n"], "keep": ["harm"]}, {"n": alike["n"], "settle": "update"}]}
    after = program.ask("PATCH", f"{at}/rows", json=decided).json["rows"][-2:]
    assert (after[0]["changes"][0]["keep"], after[0]["take"]) == (True, False)
    assert (after[1]["fate"], after[1]["ref"]) == ("changed", alike["ref"])
    program.ask("POST", f"{at}/save")
    with program.world.acting(program.who):
        harms = {item.ref: item.body["harm"] for item in register.items_for_submission()}
    assert harms == {changed["ref"]: "Terganggu", alike["ref"]: "Saksi terancam"}


def test_decisions_are_taken_together_or_not_at_all(program: Program) -> None:
    at, read = brought_again(program, "Saksi terancam")
    changed, alike = read["rows"][-2:]
    wrong = {"rows": [{"n": alike["n"], "settle": "new"}, {"n": changed["n"], "settle": "new"}]}
    assert program.ask("PATCH", f"{at}/rows", json=wrong).status_code == 409
    assert program.ask("GET", at).json["rows"][-1]["fate"] == "alike"


def test_an_unreadable_file_is_an_answer_not_an_error(program: Program) -> None:
    at = program.send(b"PK\x03\x04 rusak", "rusak.xlsx").headers["Location"]
    program.world.drain()
    read = program.ask("GET", at).json
    assert (read["state"], read["rows"]) == ("unreadable", [])
    assert "rusak" in read["problem"]
    assert program.ask("POST", f"{at}/save").status_code == 409


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/columns", {"evil": 1}),
        ("PUT", "/columns", {"columns": [{"index": 0, "field": "evil"}]}),
        ("PUT", "/columns", {"columns": [{"index": 0, "field": "title", "x": 1}]}),
        ("PUT", "/columns", {"sheet": "lain"}),
        ("PUT", "/columns", {"header_top": -1}),
        ("PATCH", "/rows", {"rows": [{"n": 0}]}),
        ("PATCH", "/rows", {"rows": [{"n": 99999, "take": True}]}),
        ("PATCH", "/rows", {"rows": [{"n": 5, "cells": {"evil": "x"}}]}),
        ("PATCH", "/rows", {"rows": "x"}),
        ("PATCH", "/rows", {}),
    ],
)
def test_wrong_bodies_are_refused(program: Program, method: str, path: str, body: dict[str, Any]) -> None:
    at = program.send(SAMPLE.read_bytes(), "daftar.xlsx").headers["Location"]
    program.world.drain()
    answer = program.ask(method, at + path, json=body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_no_file_and_too_large_a_file(program: Program) -> None:
    assert program.send(b"", "kosong.xlsx").status_code == 422
    assert program.send(b"x" * (10 * 1024 * 1024 + 1), "besar.csv").status_code == 413
    assert program.client.post(program.at, data={}, headers=program.key).status_code == 422


def test_other_keys_find_nothing(program: Program) -> None:
    at = program.send(SAMPLE.read_bytes(), "daftar.xlsx").headers["Location"]
    client: FlaskClient = program.client
    for other in ("petugas.disdik", "kepala.dinkes", "pusat"):
        who = program.who.replace("petugas.dinkes", other)
        key = program.world.key(who)
        own = at.replace("/u/dinkes/", "/u/disdik/") if other == "petugas.disdik" else at
        for address in (at, own):
            assert client.get(address, headers=key).status_code == 404
            for method, path in (
                ("PUT", "/columns"),
                ("PATCH", "/rows"),
                ("POST", "/save"),
                ("POST", "/undo"),
            ):
                asked = client.open(
                    address + path, method=method, json={"rows": []} if path == "/rows" else {}, headers=key
                )
                assert asked.status_code == 404, (other, path)
    assert client.get(at).status_code == 401
