"""What tests of filing share: a unit with its officer and head, files of its own making, forms that carry one."""

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from ppid_saas.documents import incoming
from tests.fixtures.forms import token_of
from tests.fixtures.scans import scan
from tests.fixtures.world import World


def pdf(words: str = "denah") -> bytes:
    """Return a small PDF, the same for the same words."""
    return scan(2_000, words)


DENAH = pdf()


def sent(name: str = "denah.pdf", data: bytes = DENAH) -> FileStorage:
    return FileStorage(io.BytesIO(data), name)


def post_file(
    client: FlaskClient, page: str, name: str, data: bytes, action: str = "", **more: str
) -> TestResponse:
    """Send a file with the token of its page, as a browser without scripts does."""
    form: dict[str, Any] = {"csrf_token": token_of(client, page), "file": (io.BytesIO(data), name)} | more
    answer = client.post(action or page, data=form, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # the test client spools large forms into a file
    return answer


@dataclass(frozen=True)
class Office:
    """A unit of a fresh world: who acts in it, and how."""

    world: World
    region: str

    @property
    def officer(self) -> str:
        return f"petugas.dinkes@{self.region}"

    @property
    def head(self) -> str:
        return f"kepala.dinkes@{self.region}"

    @property
    def unit(self) -> UUID:
        return self.world.tenant(self.officer)

    @property
    def path(self) -> str:
        return self.world.path(self.officer)

    def client(self, who: str = "") -> FlaskClient:
        return self.world.client(who or self.officer)

    def keep(self, name: str = "denah.pdf", data: bytes = DENAH) -> UUID:
        with self.world.acting(self.officer):
            return incoming.take(sent(name, data)).document_id
