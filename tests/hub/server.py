"""A stand-in for the Hugging Face hub on the loopback: it serves folders by the hub's protocol.

What the clients ask for is answered: the tree of a repository, page by page, and its facts, the
head of a file, and the file itself, whole or from some byte on; a large one stands at another
place, to which the hub sends on. There is no Xet. Faults can be planted.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

LARGE = 2000  # bytes from which on a file is kept apart from git, with a SHA-256
PAGE = 5  # entries of a tree that are told at once
BUSY = {429: "Too Many Requests", 503: "Service Unavailable"}


@dataclass
class Faults:
    """What goes wrong, by path within a repository."""

    cut_after: dict[str, int] = field(default_factory=dict)  # bytes; only the first time
    stall_after: dict[str, int] = field(default_factory=dict)  # bytes; only the first time
    stalled: threading.Event = field(default_factory=threading.Event)  # it happened
    go_on: threading.Event = field(default_factory=threading.Event)  # ends the stall
    garbled: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    gated: set[str] = field(default_factory=set)  # owner/name: its terms must be accepted
    private: set[str] = field(default_factory=set)  # owner/name: 401, as without a token
    busy: list[int] = field(default_factory=list)  # statuses of the next answers, each once


@dataclass
class StandIn:
    """The running server."""

    address: str
    faults: Faults
    requests: list[str]


@dataclass(frozen=True)
class Repository:
    folder: Path
    revision: str


Repositories = dict[str, Repository]  # "models/owner/name" or "datasets/owner/name"


def oid(content: bytes) -> str:
    """The SHA-1 that git gives a file."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def etag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest() if len(content) >= LARGE else oid(content)


def entry(folder: Path, path: Path) -> dict[str, object]:
    content = path.read_bytes()
    found: dict[str, object] = {
        "type": "file",
        "oid": oid(content),
        "size": len(content),
        "path": path.relative_to(folder).as_posix(),
    }
    if len(content) >= LARGE:
        found["lfs"] = {
            "oid": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "pointerSize": 130,
        }
    return found


class Handler(BaseHTTPRequestHandler):
    repositories: Repositories
    faults: Faults
    log: list[str]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.log.append(f"POST {self.path}")
        match = re.fullmatch(r"/api/(models|datasets)/([^/]+/[^/]+)/paths-info/([^/]+)", self.path)
        repository = self.find(match[1], match[2], match[3]) if match else None
        if match and repository is None:
            return
        if repository is None:
            self.refuse("EntryNotFound")
            return
        if "json" in self.headers.get("Content-Type", ""):
            asked = json.loads(content)["paths"]
        else:
            asked = parse_qs(content.decode())["paths"]
        places = [repository.folder / path for path in asked]
        found = [entry(repository.folder, place) for place in places if place.is_file()]
        found += [
            {"type": "directory", "oid": "0" * 40, "size": 0, "path": path}
            for path, place in zip(asked, places, strict=True)
            if place.is_dir()
        ]
        self.send_json(found)

    def answer(self, *, body: bool) -> None:
        url = urlsplit(self.path)
        part = self.headers.get("Range", "")
        self.log.append(f"{self.command} {url.path} {part}".rstrip())
        if url.path != "/" and self.faults.busy:
            self.refuse("", status=self.faults.busy.pop(0))
        elif match := re.fullmatch(r"/api/(models|datasets)/([^/]+/[^/]+)(/.*)?", url.path):
            self.answer_api(match[1], match[2], match[3] or "", parse_qs(url.query))
        elif match := re.fullmatch(r"/(datasets/)?([^/]+/[^/]+)/resolve/([^/]+)/(.+)", url.path):
            kind = "datasets" if match[1] else "models"
            repository = self.find(kind, match[2], unquote(match[3]))
            if repository is not None:
                self.answer_resolve(repository, unquote(match[4]), url.path, body=body)
        elif match := re.fullmatch(r"/cdn/(models|datasets)/([^/]+/[^/]+)/(.+)", url.path):
            name = unquote(match[3])
            self.answer_file(self.repositories[f"{match[1]}/{match[2]}"], name, body=body)
        else:
            self.refuse("EntryNotFound")

    def find(self, kind: str, name: str, revision: str) -> Repository | None:
        repository = self.repositories.get(f"{kind}/{name}")
        if repository is None:
            self.refuse("RepoNotFound")
        elif name in self.faults.gated:
            self.refuse("GatedRepo", status=403)
        elif name in self.faults.private:
            self.refuse("RepoNotFound", status=401)
        elif revision not in ("main", repository.revision):
            self.refuse("RevisionNotFound")
        else:
            return repository
        return None

    def answer_api(self, kind: str, name: str, rest: str, query: dict[str, list[str]]) -> None:
        parts = [unquote(part) for part in rest.split("/") if part]
        revision = parts[1] if len(parts) > 1 else "main"
        repository = self.find(kind, name, revision)
        if repository is None:
            return
        folder = repository.folder
        if parts[:1] == ["tree"]:
            below = folder.joinpath(*parts[2:])
            deep = query.get("recursive", ["false"])[0].lower() == "true"
            found = sorted(below.rglob("*") if deep else below.glob("*"))
            begin = int(query.get("cursor", ["0"])[0])
            self.send_json(
                [
                    entry(folder, path)
                    if path.is_file()
                    else {
                        "type": "directory",
                        "oid": "0" * 40,
                        "size": 0,
                        "path": path.relative_to(folder).as_posix(),
                    }
                    for path in found[begin : begin + PAGE]
                ],
                link=self.next_page(begin + PAGE) if begin + PAGE < len(found) else "",
            )
            return
        siblings = [
            {"rfilename": path.relative_to(folder).as_posix()}
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ]
        self.send_json(
            {
                "id": name,
                "_id": "0" * 24,
                "sha": repository.revision,
                "private": False,
                "gated": False,
                "disabled": False,
                "downloads": 0,
                "likes": 0,
                "tags": [],
                "lastModified": "2024-01-01T00:00:00.000Z",
                "createdAt": "2024-01-01T00:00:00.000Z",
                "siblings": siblings,
            }
        )

    def next_page(self, begin: int) -> str:
        url = urlsplit(self.path)
        query = urlencode({**dict(parse_qsl(url.query)), "cursor": begin})
        return f'<http://{self.headers["Host"]}{url.path}?{query}>; rel="next"'

    def answer_resolve(self, repository: Repository, name: str, place: str, *, body: bool) -> None:
        """Send on to where a large file stands; a small one is answered at once."""
        path = repository.folder / name
        if not path.is_file() or path.stat().st_size < LARGE or name in self.faults.gone:
            self.answer_file(repository, name, body=body)
            return
        kind = "" if place.startswith("/datasets/") else "/models"
        self.send_response(302)
        self.send_header("Location", f"/cdn{kind}{place.partition('/resolve/')[0]}/{name}")
        self.send_header("X-Repo-Commit", repository.revision)
        self.send_header("X-Linked-ETag", f'"{etag(path.read_bytes())}"')
        self.send_header("X-Linked-Size", str(path.stat().st_size))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer_file(self, repository: Repository, name: str, *, body: bool) -> None:
        path = repository.folder / name
        if name in self.faults.gone or not path.is_file():
            self.refuse("EntryNotFound")
            return
        content = path.read_bytes()
        size, tag = len(content), etag(content)
        if name in self.faults.garbled:
            content = bytes(byte ^ 1 for byte in content)
        start = 0
        if match := re.match(r"bytes=(\d+)-", self.headers.get("Range", "")):
            start = int(match[1])
        self.send_response(206 if start else 200)
        self.send_header("X-Repo-Commit", repository.revision)
        self.send_header("ETag", f'"{tag}"')
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(size - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.end_headers()
        if not body:
            return
        stall = self.faults.stall_after.pop(name, None)
        if stall is not None:
            self.wfile.write(content[start : start + stall])
            self.wfile.flush()
            self.faults.stalled.set()
            self.faults.go_on.wait(60)
            self.close_connection = True
            return
        cut = self.faults.cut_after.pop(name, None)
        if cut is None:
            self.wfile.write(content[start:])
        else:
            self.wfile.write(content[start : start + cut])
            self.wfile.flush()
            self.close_connection = True

    def refuse(self, code: str, *, status: int = 404) -> None:
        content = json.dumps({"error": code or BUSY[status]}).encode()
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
            self.send_header("X-Error-Message", code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def send_json(self, value: object, *, link: str = "") -> None:
        content = json.dumps(value).encode()
        self.send_response(200)
        if link:
            self.send_header("Link", link)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


@contextmanager
def serving(repositories: Repositories) -> Iterator[StandIn]:
    """Serve folders until the block ends."""
    faults, requests = Faults(), list[str]()
    handler = type(
        "BoundHandler",
        (Handler,),
        {"repositories": repositories, "faults": faults, "log": requests},
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield StandIn(f"http://127.0.0.1:{server.server_address[1]}", faults, requests)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
