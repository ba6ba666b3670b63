"""`reproduce codeswitch`: what people type and read."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from reproduce.cli.codeswitch import app

GOLDEN = "EN EN HI HI UNIV UNIV HI HI EN EN EN HI HI"


def token_file(folder: Path, ids: str = GOLDEN) -> Path:
    path = folder / "golden.txt"
    path.write_text("".join(f"w\t{i}\tX\n" for i in ids.split()), encoding="utf-8")
    return path


def test_profile_prints_each_metric_with_its_definition(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["profile", str(token_file(tmp_path))])
    assert done.exit_code == 0, done.output
    for text in ("45.4545", "0.9836", "0.9940", "-0.4835", "0.3000", "sample sd"):
        assert text in done.output


def test_profile_writes_json(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["profile", str(token_file(tmp_path)), "--json"])
    assert round(json.loads(done.output)["cmi"], 2) == 45.45


def test_profile_refuses_a_corpus_without_mixing(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["profile", str(token_file(tmp_path, "en en univ"))])
    assert "no sentence mixes languages" in str(done.exception)


def test_generate_writes_conllu_and_says_how_it_went(tmp_path: Path) -> None:
    out = tmp_path / "made.conllu"
    arguments = ["generate", "--method", "ec", "--from", "ava", "--to", "kyr", "--sentences", "12"]
    done = CliRunner().invoke(app, [*arguments, "--like", str(token_file(tmp_path)),
                                    "--out", str(out)])  # fmt: skip
    assert done.exit_code == 0, done.output
    assert out.read_text(encoding="utf-8").count("# sent_id = ec-") == 12
    assert "Lang=kyr|From=kyr:" in out.read_text(encoding="utf-8")
    assert "12 of 12 sentences" in done.output
    assert "mean switch-point fraction" in done.output


def test_generate_refuses_an_unknown_method() -> None:
    arguments = ["generate", "--method", "ce", "--from", "ava", "--to", "kyr"]
    assert "unknown method" in str(CliRunner().invoke(app, arguments).exception)
