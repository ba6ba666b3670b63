"""What the package must never do: build objects from data, run a shell, or trust remote code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "reproduce").rglob("*.py"))
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
FORBIDDEN_MODULES = {"pickle", "cloudpickle", "dill", "marshal", "shelve", "joblib", "xmlrpc"}


def name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(path: Path) -> Iterator[ast.Call]:
    yield from (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_does_nothing_forbidden(path: Path) -> None:
    found = []
    for call in calls(path):
        name = name_of(call.func)
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        if name in FORBIDDEN_CALLS:
            found.append(name)
        for flag in ("shell", "trust_remote_code", "allow_pickle"):
            if flag in given and not (
                isinstance(given[flag], ast.Constant) and given[flag].value is False
            ):
                found.append(f"{name}({flag}=...)")
        if name.endswith("torch.load"):
            only = given.get("weights_only")
            if not (isinstance(only, ast.Constant) and only.value is True):
                found.append("torch.load without weights_only=True")
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.split(".")[0] in FORBIDDEN_MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module] * (node.module.split(".")[0] in FORBIDDEN_MODULES)
    assert found == []
