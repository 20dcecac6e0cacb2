"""An examiner: it is handed one file, says one word about it and ends. `examination` borrows it; nothing imports it for its own use."""

import json
import resource
import socket
from typing import Any, Final

from ppid_saas.inspection.allowed import TYPES
from ppid_saas.inspection.formats import finish, read
from ppid_saas.inspection.refusals import RefusedFileError
from ppid_saas.limited import serve

PIECE: Final = 1024 * 1024


def examine(line: socket.socket) -> None:
    """Answer with the word for the file on the line, and with what finding it needed."""
    said = verdict(line)
    line.shutdown(socket.SHUT_RD)
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = round(used.ru_utime + used.ru_stime, 3)
    line.sendall(json.dumps({"said": said, "seconds": spent, "kib": used.ru_maxrss}).encode())


def verdict(line: socket.socket) -> str:
    """Return `good`, or the code of the refusal."""
    try:
        head = heading(line)
        reading = read(TYPES[head["ending"]], head["size"])
        next(reading)
        while chunk := line.recv(PIECE):
            reading.send(chunk)
        finish(reading)
    except RefusedFileError as refusal:
        return refusal.code
    except MemoryError:
        return "bomb"
    except Exception:  # noqa: BLE001  # whatever a foreign file brings about, it is the file's fault
        return "damaged"
    return "good"


def heading(line: socket.socket) -> dict[str, Any]:
    """Read the first line, which comes before the file: what it is to be."""
    said = b""
    while not said.endswith(b"\n"):
        said += line.recv(1)
    told: dict[str, Any] = json.loads(said)
    return told


if __name__ == "__main__":
    serve(examine)
