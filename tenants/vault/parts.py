"""One object on its way into a store: at once when it is small, else in parts, of which one travels while the next is made.

Knows no keys and no tenants; what goes wrong with the network is translated by the caller.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PART: Final = 8 * 1024 * 1024
AT_ONCE: Final = 2 * PART


class Body(Protocol):
    """What an object is read from, once and in order."""

    def read(self, size: int = -1, /) -> bytes | bytearray: ...


def send(client: "S3Client", where: dict[str, Any], body: Body, size: int, media_type: str) -> None:
    """Write an object of a size told beforehand; it is there whole or not at all."""
    if size < AT_ONCE:
        data = read_full(body, size + 1)
        _check(len(data), size)
        client.put_object(**where, Body=data, ContentType=media_type)  # type: ignore[arg-type]  # any buffer will do
    else:
        _send_parts(client, where, body, size, media_type)


def _send_parts(client: "S3Client", where: dict[str, Any], body: Body, size: int, media_type: str) -> None:
    """Send part after part; one that fails leaves parts that are no object, which go with the reservation."""
    where = where | {"UploadId": begin(client, where, media_type)}
    told: list[str] = []
    sent = 0
    under_way: Future[str] | None = None
    with ThreadPoolExecutor(1, "part") as line:
        while data := read_full(body, PART):
            sent += len(data)
            if under_way:
                told.append(under_way.result())
            under_way = line.submit(send_part, client, where, len(told) + 1, data)
        if under_way:
            told.append(under_way.result())
    _check(sent, size)
    complete(client, where, told)


def begin(client: "S3Client", where: dict[str, Any], media_type: str) -> str:
    """Announce an object in parts; returns the store's name for it."""
    return client.create_multipart_upload(**where, ContentType=media_type)["UploadId"]


def send_part(client: "S3Client", where: dict[str, Any], number: int, data: bytearray) -> str:
    """Send one part; returns what the store calls it."""
    return client.upload_part(**where, PartNumber=number, Body=data)["ETag"]  # type: ignore[arg-type]


def complete(client: "S3Client", where: dict[str, Any], told: list[str]) -> None:
    """Make one object of all parts."""
    parts = [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(told, start=1)]
    client.complete_multipart_upload(**where, MultipartUpload={"Parts": parts})  # type: ignore[typeddict-item]


def read_full(body: Body, wanted: int) -> bytearray:
    """Read so many bytes, fewer only at the end."""
    data = bytearray()
    while len(data) < wanted and (chunk := body.read(wanted - len(data))):
        data += chunk
    return data


def _check(sent: int, size: int) -> None:
    if sent != size:
        raise OSError("the file changed while it was read")
