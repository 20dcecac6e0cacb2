"""The scanner's every answer: only a plain OK in time lets a file through. A small server stands for clamd, which is not ours."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ppid_saas.inspection import scanner
from tests.inspection.examined import examined
from tests.inspection.good_files import good_files

Answer = Callable[[socket.socket], None]
NAME = "foto.jpg"


class Clamd:
    """A server that takes one stream and does with it as a test says."""

    def __init__(self, path: Path) -> None:
        self.path, self.heard = path, b""
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen()
        self._thread: threading.Thread | None = None

    def behave(self, answer: Answer) -> Path:
        self._thread = threading.Thread(target=self._serve, args=(answer,))
        self._thread.start()
        return self.path

    def _serve(self, answer: Answer) -> None:
        line, _ = self._server.accept()
        with line:
            answer(line)

    def read_all(self, line: socket.socket) -> None:
        with line.makefile("rb") as source:
            assert source.read(10) == b"zINSTREAM\0"
            while length := struct.unpack(">I", source.read(4))[0]:
                self.heard += source.read(length)

    def close(self) -> None:
        self._server.close()
        if self._thread:
            self._thread.join(10)


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Clamd]:
    server = Clamd(tmp_path / "clamd.sock")
    yield server
    server.close()


def said(clamd: Clamd, answer: bytes) -> str:
    def answering(line: socket.socket) -> None:
        clamd.read_all(line)
        line.sendall(answer)

    return examined(NAME, good_files()[NAME], clamd=clamd.behave(answering)).said


def test_a_clean_file_is_taken_and_the_scanner_saw_all_of_it(clamd: Clamd):
    assert said(clamd, b"stream: OK\0") == "jpg"
    assert clamd.heard == good_files()[NAME]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", "virus"),
        (b"stream: Heuristics.Encrypted.Zip FOUND\0", "encrypted"),
        (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", "unscannable"),
        (b"INSTREAM size limit exceeded. ERROR\0", "unscannable"),
        (b"stream: Can't allocate memory ERROR\0", "unscanned"),
        (b"stream: OK", "unscanned"),
        (b"stream: OK OK\0", "unscanned"),
        (b"Time limit: OK\0", "unscanned"),
        (b"\0", "unscanned"),
        (b"", "unscanned"),
        (b"\xff" * 9000, "unscanned"),
    ],
)  # fmt: skip
def test_whatever_else_it_says_is_not_clean(clamd: Clamd, answer: bytes, code: str):
    assert said(clamd, answer) == code


def test_a_scanner_that_hangs_up_in_the_middle_has_not_found_it_clean(clamd: Clamd):
    assert (
        examined(
            NAME, good_files()[NAME] + bytes(2_000_000), clamd=clamd.behave(lambda line: line.recv(100))
        ).said
        == "unscanned"
    )


def test_one_that_hangs_up_with_its_reason_is_believed(clamd: Clamd):
    def full(line: socket.socket) -> None:
        line.recv(100)
        line.sendall(b"INSTREAM size limit exceeded. ERROR\0")

    assert (
        examined(NAME, good_files()[NAME] + bytes(2_000_000), clamd=clamd.behave(full)).said == "unscannable"
    )


def test_an_early_ok_is_not_believed(clamd: Clamd):
    def hasty(line: socket.socket) -> None:
        line.recv(100)
        line.sendall(b"stream: OK\0")

    assert (
        examined(NAME, good_files()[NAME] + bytes(2_000_000), clamd=clamd.behave(hasty)).said == "unscanned"
    )


def test_silence_is_not_clean(clamd: Clamd, monkeypatch: pytest.MonkeyPatch):
    over = threading.Event()

    def silent(line: socket.socket) -> None:
        clamd.read_all(line)
        over.wait(10)

    monkeypatch.setattr(scanner, "ANSWERING", 0.2)
    assert examined(NAME, good_files()[NAME], clamd=clamd.behave(silent)).said == "unscanned"
    over.set()


def test_a_scanner_that_is_not_there_refuses_before_a_byte_is_taken(tmp_path: Path):
    told = examined(NAME, good_files()[NAME], clamd=tmp_path / "none.sock")
    assert (told.said, told.used) == ("unscanned", None)


def test_a_hostile_file_is_refused_though_the_scanner_likes_it(clamd: Clamd):
    def answering(line: socket.socket) -> None:
        try:
            clamd.read_all(line)
            line.sendall(b"stream: OK\0")
        except (OSError, struct.error):  # refused before its end
            pass

    data = good_files()["surat.pdf"]
    assert examined("surat.docx", data, clamd=clamd.behave(answering)).said == "not_its_type"
