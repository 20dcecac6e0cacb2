"""Answers to programs: one form, whether the fast encoder can write them or only the slow one."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask, jsonify

from ppid_saas.web.fast_json import FastJSON

TOLD = {
    "id": UUID(int=7),
    "day": date(2026, 3, 2),
    "moment": datetime(2026, 3, 2, 8, 30, 5, 250, UTC),
    "amount": Decimal("2.50"),
    "title": "Rencana “A” — Ñ",
}
WRITTEN = {
    "id": "00000000-0000-0000-0000-000000000007",
    "day": "2026-03-02",
    "moment": "2026-03-02T08:30:05.000250+00:00",
    "amount": "2.50",
    "title": "Rencana “A” — Ñ",
}


@pytest.mark.parametrize(
    ("beside", "meant"),
    [
        ({}, {}),
        ({"odd": "\ud800"}, {"odd": "\ud800"}),
        ({"large": 2**80}, {"large": 2**80}),
        ({"by_number": {2: "b"}}, {"by_number": {"2": "b"}}),
    ],
)
def test_every_answer_has_one_form(beside: dict[str, object], meant: dict[str, object]) -> None:
    app = Flask("answers")
    app.json = FastJSON(app)
    with app.app_context():
        answer = jsonify(TOLD | beside)
    assert json.loads(answer.get_data()) == WRITTEN | meant
    assert answer.mimetype == "application/json"
    assert answer.get_data().endswith(b"\n")
