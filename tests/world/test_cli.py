from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from reproduce.cli.world import app
from reproduce.errors import UserError


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_show_puts_parallel_sentences_under_each_other() -> None:
    out = _run("show", "--language", "ava", "--language", "kor", "--count", "2", "--index", "4")
    assert [line for line in out.splitlines() if line.startswith("dev")] == ["dev 4", "dev 5"]
    assert sum(line.startswith(("ava", "kor")) for line in out.splitlines()) == 4


def test_show_aligns_tags_with_words() -> None:
    lines = _run("show", "--language", "ava", "--count", "1").splitlines()
    place = lines[2].index("PUNCT")
    assert lines[1][place] in ",.?"


def test_show_writes_json() -> None:
    found = json.loads(_run("show", "--language", "tum", "--json", "--count", "2"))
    assert [s["cluster"] for s in found] == ["dev-0", "dev-1"]
    assert len(found[0]["words"]) == len(found[0]["heads"])


@pytest.mark.parametrize("task", ["nli", "paraphrase"])
def test_show_pairs_with_their_label(task: str) -> None:
    out = _run("show", "--task", task, "--language", "ava", "--count", "1")
    assert out.startswith("dev 0: ") and len(out.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--language", "avv"), "did you mean 'avo'"),
        (("--split", "tests"), "did you mean 'test'"),
        (("--task", "paraphrases"), "did you mean 'paraphrase'"),
    ],
)
def test_a_typo_gets_the_nearest_name(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(UserError, match=message):
        _run("show", *arguments)


def test_list_tells_the_kin_of_the_source() -> None:
    found = json.loads(_run("list", "--json"))
    kin = {p["code"]: p["kin_share"] for p in found["languages"]}
    assert kin["avo"] > kin["ost"] > kin["kor"]


def test_list_is_a_table() -> None:
    lines = _run("list").splitlines()
    assert lines[0].startswith("code") and len(lines) == 13


def test_check_scores_every_rule() -> None:
    found = json.loads(_run("check", "--train", "200", "--test", "100", "--json"))
    assert set(found["nli"]) == {"chance", "hypothesis only", "length difference", "word overlap",
                                 "bag of words"}  # fmt: skip
