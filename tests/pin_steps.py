"""Pins the source of each code step to its version: `python -m tests.pin_steps` after a change.

A pin is a hash of the modules' syntax trees without docstrings, so that comments, formatting and
documentation may change freely.
"""

from __future__ import annotations

import ast
import hashlib
import json
from pathlib import Path

import reproduce
from reproduce.steps import SOURCES_OF_STEPS, STEPS

PINS = Path(__file__).with_name("steps.json")
PACKAGE = Path(reproduce.__file__).parent


def source_hash(text: str) -> str:
    """Hash of the code as Python writes it out again, without docstrings.

    A dump of the tree would differ between versions of Python.
    """
    tree = ast.parse(text)
    for node in ast.walk(tree):
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return hashlib.sha256(ast.unparse(tree).encode()).hexdigest()


def step_hash(step: str) -> str:
    """Hash over all modules of a step."""
    whole = hashlib.sha256()
    for place in SOURCES_OF_STEPS[step]:
        path = PACKAGE / place
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        for file in files:
            name = file.relative_to(PACKAGE).as_posix()
            whole.update(f"{name}:{source_hash(file.read_text())}\n".encode())
    return whole.hexdigest()[:16]


def current() -> dict[str, dict[str, str]]:
    """Version and source hash of every step as the code stands."""
    return {step: {"version": STEPS[step], "source": step_hash(step)} for step in STEPS}


if __name__ == "__main__":
    PINS.write_text(json.dumps(current(), indent=2) + "\n")
