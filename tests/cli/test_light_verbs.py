from __future__ import annotations

import os
from pathlib import Path

import jsonschema
import pytest

from reproduce.resources import shipped
from tests.book.test_settings import SETTING
from tests.cli.conftest import Call


def test_the_shipped_book_is_valid(call: Call) -> None:
    ended = call("validate", shipped("claims"))
    assert (ended.status, "no problems" in ended.out) == (0, True)


def test_validate_counts_for_programs(call: Call) -> None:
    counts = call("validate", shipped("claims"), "--json").json
    assert (counts["claims"] > 0, counts["problems"]) == (True, [])


def test_validate_without_paths_takes_the_shipped_book(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("validate").status == 0


def test_validate_tells_problems_of_claims_and_setting_together(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("id: A\n")
    (tmp_path / "own.yaml").write_text(SETTING.replace("epochs: 1", "epochs: 0"))
    ended = call("validate", tmp_path / "a.yaml", "--setting", tmp_path / "own.yaml")
    assert ended.status == 2
    assert "a.yaml:1: id: found 'A'" in ended.err
    assert "own.yaml:16: tasks.pos.training.epochs: found 0" in ended.err


def test_validate_checks_the_claims_against_a_setting(
    call: Call, tmp_path: Path, tiny_checkpoint: Path
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(SETTING.replace("models/bert", str(tiny_checkpoint)))
    claim = shipped("claims") / "dlfa_gain_pos.yaml"
    assert call("validate", claim, "--setting", own).status == 0
    ended = call("validate", claim, "--setting", own, "--set", "experiment.layers=[3]")
    assert "the model has 3 layers" in ended.err


def test_list_shows_every_claim(call: Call) -> None:
    out = call("list", shipped("claims")).out
    assert all(name in out for name in ("best-layer", "dlfa-gain-pos", "baseline-against-itself"))


def test_list_groups_by_family_and_fits_into_80_columns(call: Call) -> None:
    lines = call("list", shipped("claims")).out.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert "dlfa: 5 confirmatory, 1 exploratory" in lines
    heads = [line.partition(":")[0] for line in lines if line[:1] not in ("", " ")]
    assert len(heads) == len(set(heads))


@pytest.mark.parametrize("name", ["dynamic-equilibrium", "best-layer", "printed-gain-xnli"])
def test_show_fits_into_80_columns(call: Call, name: str) -> None:
    lines = call("show", name, "--book", shipped("claims")).out.splitlines()
    assert [line for line in lines if len(line) > 80] == []


def test_list_and_show_fit_a_narrower_terminal(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    out = call("list", shipped("claims")).out + call("show", "best-layer").out
    assert [line for line in out.splitlines() if len(line) > 60 and "https:" not in line] == []


@pytest.mark.parametrize("verb", ["world", "codeswitch", "pretrain"])
def test_help_of_a_group_has_the_options_of_reproduce_alone(call: Call, verb: str) -> None:
    assert "completion" not in call(verb, "--help").out


def test_list_gives_programs_whole_claims(call: Call) -> None:
    claims = call("list", shipped("claims"), "--json").json
    assert {"file", "id", "experiment", "expect"} <= set(claims[0])


def test_show_tells_quote_run_expectation_and_judgement(call: Call) -> None:
    out = call("show", "best-layer", "--book", shipped("claims")).out
    quote = "The best performances of the four tasks are obtained with different fusion layers."
    assert quote in " ".join(out.split())
    assert all(part in out for part in ("What is run", "What is expected", "How it is judged"))


def test_show_takes_a_file_and_overrides(call: Call) -> None:
    file = shipped("claims") / "best_layer.yaml"
    out = call("show", file, "--set", "experiment.seeds.looks=[4]", "--json").json
    assert out["experiment"]["seeds"]["looks"] == [4]


def test_show_names_the_nearest_claim(call: Call) -> None:
    ended = call("show", "best-lyer", "--book", shipped("claims"))
    assert (ended.status, "did you mean 'best-layer'?" in ended.err) == (2, True)


@pytest.mark.parametrize("kind", ["claim", "setting", "papers"])
def test_schema_prints_a_json_schema(call: Call, kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(call("schema", kind).json)


def test_init_lays_down_a_book_that_is_valid(call: Call, tmp_path: Path) -> None:
    assert call("init", tmp_path / "mine").status == 0
    assert call("validate", tmp_path / "mine" / "claims").status == 0
    assert (tmp_path / "mine" / "README.md").is_file()


def test_init_s_example_setting_is_valid(call: Call, tmp_path: Path) -> None:
    from reproduce.book import load_setting

    call("init", tmp_path)
    assert load_setting(str(tmp_path / "settings" / "own_treebanks.yaml")).name == "own-treebanks"


def test_init_overwrites_nothing_and_writes_nothing_then(call: Call, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    ended = call("init", tmp_path)
    assert (ended.status, "README.md" in ended.err) == (2, True)
    assert [path.name for path in tmp_path.rglob("*")] == ["README.md"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_init_into_a_folder_without_rights_is_told(call: Call, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    ended = call("init", tmp_path)
    assert (ended.status, "Traceback" in ended.err) == (2, False)


def test_init_into_a_file_is_told(call: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    ended = call("init", tmp_path / "file")
    assert (ended.status, "Traceback" in ended.err) == (2, False)
