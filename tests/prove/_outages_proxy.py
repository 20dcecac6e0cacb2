"""What stands between the victims and the object store: passes everything on, answers 500, says nothing, or hangs up."""

import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

THROUGH, BROKEN, SILENT, CUT = "through", "broken", "silent", "cut"
CHUNK = 64 * 1024
REFUSAL = b"<?xml version='1.0'?><Error><Code>InternalError</Code><Message>broken</Message></Error>"
ANSWER = (
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/xml\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(REFUSAL), REFUSAL)
)


@dataclass
class Proxy:
    """One way to the store; `mode` may change while bytes are under way, `upset` counts what did not get through."""

    upstream: int | None = None
    mode: str = THROUGH
    upset: int = 0
    listener: socket.socket = field(default_factory=socket.socket)
    over: Event = field(default_factory=Event)
    lines: set[socket.socket] = field(default_factory=set)

    def cut(self) -> None:
        """Hang up on everyone, in both directions and in the middle of a word."""
        for line in list(self.lines):
            self.upset += 1
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def open(self) -> int:
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.listener.settimeout(0.1)
        Thread(target=self._accept, daemon=True).start()
        return int(self.listener.getsockname()[1])

    def take_upset(self) -> int:
        upset, self.upset = self.upset, 0
        return upset

    def _accept(self) -> None:
        while not self.over.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = self.listener.accept()
                Thread(target=self._serve, args=(client,), daemon=True).start()
        self.listener.close()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.socket() as server:
            if self.mode == CUT:
                self.upset += 1
                return
            server.connect(("127.0.0.1", self.upstream))
            self.lines |= {client, server}
            back = Thread(target=self._pass_back, args=(server, client), daemon=True)
            back.start()
            with contextlib.suppress(OSError):
                while data := client.recv(CHUNK):
                    if not self._pass_on(data, client, server):
                        break
            for side in (server, client):
                with contextlib.suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)
            back.join()
            self.lines -= {client, server}

    def _pass_on(self, data: bytes, client: socket.socket, server: socket.socket) -> bool:
        if self.mode == THROUGH:
            server.sendall(data)
            return True
        self.upset += 1
        if self.mode == BROKEN:
            client.settimeout(0.02)
            with contextlib.suppress(OSError):  # whoever sends a body waits for no answer before its end
                while client.recv(CHUNK):
                    pass
            client.sendall(ANSWER)
            return False
        if self.mode == SILENT:
            self._wait(client)
        return False

    def _wait(self, client: socket.socket) -> None:
        """Take whatever comes and say nothing, until the silence is over or the other side has enough."""
        client.settimeout(0.1)
        while self.mode == SILENT and not self.over.is_set():
            with contextlib.suppress(TimeoutError):
                if not client.recv(CHUNK):
                    return

    def _pass_back(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(CHUNK):
                if self.mode == SILENT:  # done, but nobody learns of it
                    self.upset += 1
                    return
                client.sendall(data)
            client.shutdown(socket.SHUT_WR)


@contextmanager
def proxied() -> Iterator[tuple[Proxy, int]]:
    """Run a proxy and give its port; where it leads is told later."""
    proxy = Proxy()
    try:
        yield proxy, proxy.open()
    finally:
        proxy.over.set()
