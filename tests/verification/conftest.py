"""The toy project of the end-to-end tests, called in this process: torch is imported once."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
from pathlib import Path

from reproduce.cli import main
from tests.end_to_end.conftest import Project, make_project


class Here(Project):
    """A project whose program runs in this process; only for the executor `inline`."""

    def call(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """What a process would have given: status, standard output, standard error."""
        out, err = io.StringIO(), io.StringIO()
        with (
            _placed(self.folder, environment),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            status = _status(arguments)
        return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


def make_here(folder: Path) -> Here:
    return Here(make_project(folder).folder)


@contextlib.contextmanager
def _placed(folder: Path, environment: dict[str, str]):
    before, old = os.getcwd(), dict(os.environ)
    os.chdir(folder)
    os.environ.update({"NO_COLOR": "1", **environment})
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(old)


def _status(arguments: tuple[str, ...]) -> int:
    try:
        main(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    return 0
