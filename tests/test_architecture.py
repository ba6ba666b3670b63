"""The floors of docs/architecture.md, and what the quick commands may import."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "reproduce"
GROUND = (
    "reproduce.statistics",
    "reproduce.atomic",
    "reproduce.errors",
    "reproduce.hub",
    "reproduce.resources",
    "reproduce.registry",
    "reproduce.nouns",
    "reproduce.tasks",
)
HEAVY = ("torch", "transformers", "ray", "datasets", "scipy", "statsmodels", "matplotlib")


def floors() -> dict[str, int]:
    """Package or module -> floor, from the table of the document that people read."""
    found = {}
    for line in (ROOT / "docs" / "architecture.md").read_text().splitlines():
        if row := re.match(r"\|\s*(\d+)\s*\|([^|]*)\|", line):
            found |= {name: int(row[1]) for name in re.findall(r"`(reproduce\.\w+)`", row[2])}
    return found


def modules() -> list[Path]:
    roots = {PACKAGE / "__init__.py", PACKAGE / "__main__.py"}
    return sorted(set(PACKAGE.rglob("*.py")) - roots)


def dotted(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def room(name: str) -> str:
    """`reproduce.judge.margin` -> `reproduce.judge`."""
    return ".".join(name.split(".")[:2])


def imported(path: Path) -> Iterator[str]:
    """Names of the package that a module imports anywhere, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("reproduce"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("reproduce"):
            if node.module == "reproduce":
                yield from (f"reproduce.{alias.name}" for alias in node.names)
            else:
                yield str(node.module)


def test_every_room_has_a_floor() -> None:
    rooms = {room(dotted(path)) for path in modules()}
    assert rooms - set(floors()) == set()


def test_every_floor_of_the_document_exists() -> None:
    absent = [n for n in floors() if not (ROOT / n.replace(".", "/")).is_dir()]
    assert [n for n in absent if not (ROOT / f"{n.replace('.', '/')}.py").is_file()] == []


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_a_module_imports_only_from_floors_below(path: Path) -> None:
    height = floors()
    own = room(dotted(path))
    names = {room(n) for n in imported(path)} - {own, "reproduce.__version__"}
    if height.get(own) == 0:  # the ground: its rooms build on each other, in the order below
        names -= set(GROUND[: GROUND.index(own)])
    above = {n for n in names if height.get(n, 99) >= height.get(own, -1)}
    assert above == set(), f"{own} is on floor {height.get(own)}"


def test_no_module_imports_by_a_relative_path() -> None:
    relative = [
        dotted(path)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def heavy_after(*arguments: str) -> str:
    """The heavy packages that are loaded once the command has run."""
    code = (
        "import sys\n"
        "from reproduce.cli import main\n"
        "try:\n"
        f"    main({list(arguments)!r})\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        f"print('heavy:', [m for m in {HEAVY!r} if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments", [("--help",), ("validate", "claims"), ("list",), ("schema",), ("run", "--help")]
)
def test_a_quick_command_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert heavy_after(*arguments) == "heavy: []"


def test_a_plan_imports_neither_torch_nor_transformers_nor_ray(tmp_path: Path) -> None:
    loaded = heavy_after("plan", "claims/best_layer.yaml", "--store", str(tmp_path / "store"))
    assert [name for name in ("torch", "transformers", "ray") if f"'{name}'" in loaded] == []
