"""A proxy between clients and a server that keeps every answer, so that other libraries can be asked to read them.

    recorder.py SERVER_PORT FOLDER

prints the port that it listens on, and writes each answer with a body to FOLDER: NNNNN.json with the request line, the status and the
content type, and NNNNN.body. It ends with its standard input.
"""

import http.client
import itertools
import json
import pathlib
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length"}

server_port, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
numbers = itertools.count(1)


class Recorder(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def forward(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = self.read_chunks()
        # Answers are kept as text: the server is not asked to compress them.
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP | {"accept-encoding"}}
        connection = http.client.HTTPConnection("127.0.0.1", server_port, timeout=60)
        connection.request(self.command, self.path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        self.keep(answer, content)
        self.send_response(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", answer.getheader("Content-Length", "0") if self.command == "HEAD" else str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        connection.close()

    def read_chunks(self):
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def keep(self, answer, content):
        if not content:
            return
        name = f"{next(numbers):05}"
        head = {"request": f"{self.command} {self.path}", "status": answer.status, "type": answer.getheader("Content-Type", "")}
        (folder / f"{name}.body").write_bytes(content)
        (folder / f"{name}.json").write_text(json.dumps(head))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = forward

    def log_message(self, *_):
        pass


listener = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
threading.Thread(target=listener.serve_forever, daemon=True).start()
print(listener.server_address[1], flush=True)
sys.stdin.read()
