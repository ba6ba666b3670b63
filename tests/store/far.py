"""File systems for tests: a folder behind a protocol of its own, and one that fails when told."""

from __future__ import annotations

import fsspec
from fsspec.implementations.local import LocalFileSystem


class Afar(LocalFileSystem):
    """`afar:///folder`: a folder that is reached as if it were elsewhere; fails while `down`."""

    protocol = "afar"
    down: str = ""  # what it says to every request
    writes_down: str = ""  # what it says to requests that write
    requests: list[str] = []

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(str(path).removeprefix("afar://"))

    def _asked(self, what: str, path: str) -> None:
        type(self).requests.append(f"{what} {path}")
        said = self.down or (self.writes_down if what in {"put", "move"} else "")
        if said:
            raise PermissionError(said) if "denied" in said else ConnectionError(said)

    def ls(self, path, detail=False, **kwargs):
        self._asked("list", path)
        return super().ls(path, detail=detail, **kwargs)

    def cat_file(self, path, start=None, end=None, **kwargs):
        self._asked("get", path)
        return super().cat_file(path, start, end, **kwargs)

    def pipe_file(self, path, value, mode="overwrite", **kwargs):
        self._asked("put", path)
        return super().pipe_file(path, value, mode=mode, **kwargs)

    def mv(self, path1, path2, **kwargs):
        self._asked("move", path2)
        return super().mv(path1, path2, **kwargs)


fsspec.register_implementation("afar", Afar, clobber=True)
