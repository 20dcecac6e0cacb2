"""One document in one request on the files surface: sealed as it comes in, charged to the byte, or not there at all."""

import io
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from tenants.vault import stored_size
from tests.fixtures.world import World
from tests.vault.storage import Outside

TEXT = b"isi yang dikecualikan " * 200_000  # beyond what is kept in memory
WHO = "petugas.dinkes"


@pytest.fixture
def region(own: World) -> str:
    return next(region for region, _ in own.tenants)


def send(
    own: World, region: str, body: Any = TEXT, *, query: str = "?name=lembar%20uji.txt", **more: Any
) -> TestResponse:
    headers = own.key(f"{WHO}@{region}") | more.pop("headers", {})
    more.setdefault("content_type", "application/octet-stream")
    return own.client(surface="files").post(
        f"/api/v1/{region}/u/dinkes/documents{query}", data=body, headers=headers, **more
    )


def usage(own: World, region: str) -> dict[str, int]:
    from tenants import quota

    with own.acting(f"{WHO}@{region}"):
        found = quota.usage()
        return {"used": found.used, "reserved": found.reserved}


def test_it_is_stored_whole_and_charged_to_the_byte(own: World, region: str, store: Outside) -> None:
    before = usage(own, region)
    answer = send(own, region, query="?name=lembar%20uji.txt")
    assert answer.status_code == 201
    told = answer.get_json()
    assert (told["name"], told["media_type"], told["size"]) == (
        "lembar uji.txt",
        "text/plain",
        len(TEXT),
    )
    assert usage(own, region) == before | {"used": before["used"] + stored_size(len(TEXT))}
    from ppid_saas.documents import service

    with own.acting(f"{WHO}@{region}"), service.open_document(UUID(told["id"])).stream as stream:
        assert stream.read() == TEXT


def test_no_plaintext_is_laid_down_on_the_way(
    own: World, region: str, store: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    from ppid_saas.documents import service

    laid: list[bytes] = []
    real = tempfile.SpooledTemporaryFile.rollover

    def rollover(self: Any) -> None:
        laid.append(self._file.getvalue())
        real(self)

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", rollover)
    answer = send(own, region)
    assert (answer.status_code, laid) == (201, [])
    with own.acting(f"{WHO}@{region}"):
        service.open_document(UUID(answer.get_json()["id"])).stream.close()
    assert laid
    assert not [piece for piece in laid if TEXT[:64] in piece]


def test_a_body_shorter_than_it_says_leaves_nothing(own: World, region: str, store: Outside) -> None:
    before = usage(own, region)
    answer = send(own, region, TEXT[:100], environ_overrides={"CONTENT_LENGTH": str(len(TEXT))})
    assert answer.status_code == 400
    assert usage(own, region) == before


def test_more_than_the_room_is_refused_and_nothing_is_read(own: World, region: str, store: Outside) -> None:
    class Unread(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("read although there is no room")

    before = usage(own, region)
    store.set_cap(own.tenant(f"{WHO}@{region}"), before["used"] + 1000)
    given = {"wsgi.input": Unread(), "CONTENT_LENGTH": "1001"}
    answer = send(own, region, b"x", environ_overrides=given)
    assert answer.status_code == 413
    assert usage(own, region) == before


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("", "application/octet-stream"), ("?name=", "application/octet-stream"),
        ("?name=a&kind=lain", "application/octet-stream"), ("?name=a&media_type=text/html%0d%0aX: y", "application/octet-stream"), ("?name=a", "application/json"), ("?name=a", "text/plain"),
    ],
)  # fmt: skip
def test_what_is_not_said_right_is_refused(
    own: World, region: str, store: Outside, query: str, kind: str
) -> None:
    assert send(own, region, b"{}", query=query, content_type=kind).status_code == 422


def test_the_office_does_not_take_it(own: World, region: str, store: Outside) -> None:
    headers = own.key(f"{WHO}@{region}") | {"Content-Type": "application/octet-stream"}
    address = f"/api/v1/{region}/u/dinkes/documents?name=a"
    assert own.client().post(address, data=b"x", headers=headers).status_code == 405
