from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Annotated

import pytest
import typer

from reproduce import __version__
from reproduce.cli import VERBS
from reproduce.cli.exit_status import MEANINGS
from reproduce.errors import Problem, SpecErrors, UserError
from tests.cli.conftest import ROOT, Call

Verb = Callable[[BaseException], None]


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> Verb:
    """Makes the verb `list` end with an exception."""

    def install(error: BaseException) -> None:
        module = ModuleType("reproduce.cli.list_")

        def command(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
            raise error

        module.command = command  # type: ignore[attr-defined]
        module.__spec__ = sys.modules["reproduce.cli"].__spec__
        monkeypatch.setitem(sys.modules, "reproduce.cli.list_", module)

    return install


def test_help_names_every_verb_that_is_there(call: Call) -> None:
    ended = call("--help")
    listed = {line.split()[0] for line in ended.out.splitlines() if line.startswith("  ")}
    assert ended.status == 0
    assert {"validate", "show", "list", "schema", "init"} <= listed


def test_help_documents_every_exit_status(call: Call) -> None:
    out = call("--help").out
    assert all(f"  {int(status)} " in out for status in MEANINGS)


def test_a_verb_whose_module_is_absent_is_not_listed(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(VERBS, "dream", VERBS["list"]._replace(module="reproduce.cli.dream"))
    assert "dream" not in call("--help").out
    assert call("dream").status == 2


def test_the_version_is_that_of_the_package(call: Call) -> None:
    assert call("--version")[:2] == (0, f"reproduce {__version__}\n")


def test_a_mistyped_verb_names_the_nearest(call: Call) -> None:
    ended = call("valdate")
    assert ended.status == 2
    assert "Did you mean 'validate'?" in ended.err


def test_an_unknown_option_is_the_users_error(call: Call) -> None:
    assert call("list", "--no-such-option").status == 2


def test_a_user_error_has_its_text_and_no_traceback(call: Call, verb: Verb) -> None:
    verb(UserError("no such thing", where="here", next_step="look there"))
    assert call("list") == (2, "", "here: no such thing\n  next: look there\n")


def test_a_user_error_as_json_is_one_document(call: Call, verb: Verb) -> None:
    verb(SpecErrors([Problem("a.yaml", 3, "role", "found 'x'")]))
    ended = call("list", "--json")
    assert ended.status == ended.json["error"]["exit_status"] == 2
    assert ended.json["error"]["problems"][0]["line"] == 3


def test_a_bug_shows_its_traceback_and_says_that_it_is_one(call: Call, verb: Verb) -> None:
    verb(ZeroDivisionError("division by zero"))
    ended = call("list")
    assert ended.status == 4
    assert "Traceback" in ended.err
    assert "This is a bug in reproduce" in ended.err


def test_a_bug_as_json_is_one_document(call: Call, verb: Verb) -> None:
    verb(KeyError("x"))
    assert call("list", "--json").json["error"]["kind"] == "KeyError"


def test_an_interruption_ends_with_130_and_no_traceback(call: Call, verb: Verb) -> None:
    verb(KeyboardInterrupt())
    ended = call("list")
    assert (ended.status, "Traceback" in ended.err) == (130, False)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_full_or_forbidden_disk_is_told_without_traceback(
    call: Call, verb: Verb, number: int
) -> None:
    verb(OSError(number, os.strerror(number), "/store/x"))
    ended = call("list")
    assert (ended.status, "Traceback" in ended.err) == (2, False)
    assert "/store/x" in ended.err


def test_a_reader_that_leaves_is_no_error() -> None:
    command = f"{sys.executable} -m reproduce schema setting | head -c 1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")
def test_output_that_cannot_be_written_is_told() -> None:
    command = f"{sys.executable} -m reproduce schema > /dev/full"
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 2
