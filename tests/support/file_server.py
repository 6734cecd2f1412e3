"""A web server on loopback that serves files, well or badly."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class FileServer:
    """Knows Range, unless told otherwise. Close it, or use it with `with`."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.breaks: list[int | None] = []
        """After how many bytes each coming answer breaks off; None: it does not."""
        self.status: list[int] = []
        """What the coming requests are answered with instead of a file."""
        self.knows_range = True
        self.announces = True
        self.drip_s: float | None = None
        self.asked: list[str | None] = []
        """The Range of every request."""
        self.sent = 0
        self._released = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer._answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        asked = handler.headers.get("Range")
        self.asked.append(asked)
        content = self.files.get(handler.path.lstrip("/"))
        if self.status or content is None:
            handler.send_error(self.status.pop(0) if self.status else 404)
            return
        begin = int(asked[6:-1]) if asked and self.knows_range else 0
        if begin and begin >= len(content):
            handler.send_error(416)
            return
        handler.send_response(206 if begin else 200)
        if begin:
            span = f"bytes {begin}-{len(content) - 1}/{len(content)}"
            handler.send_header("Content-Range", span)
        if self.announces:
            handler.send_header("Content-Length", str(len(content) - begin))
        handler.end_headers()
        self._send(handler, content[begin:])

    def _send(self, handler: BaseHTTPRequestHandler, content: bytes) -> None:
        content = content[: self.breaks.pop(0) if self.breaks else None]
        step = len(content) if self.drip_s is None else 10
        for at in range(0, len(content), max(1, step)):
            try:
                handler.wfile.write(content[at : at + step])
            except OSError:
                return
            self.sent += len(content[at : at + step])
            if self.drip_s is not None and self._released.wait(self.drip_s):
                return
