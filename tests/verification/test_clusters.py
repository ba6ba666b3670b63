"""The manifest and the commands of docs/clusters.md say what the program understands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from reproduce.cli import VERBS
from reproduce.cli.app import program

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / "deploy" / "rayjob.yaml"


def options_of(verb: str) -> set[str]:
    command = program(VERBS).get_command(None, verb)
    return {name for parameter in command.params for name in parameter.opts}


def commands() -> list[str]:
    """Every call of the program in the documents of this room and in the manifest."""
    found = [YAML(typ="safe").load(MANIFEST.read_text())["spec"]["entrypoint"]]
    for name in ("clusters.md", "nightly.md"):
        text = (ROOT / "docs" / name).read_text().replace("\\\n", " ")
        blocks = re.findall(r"^    (.*reproduce \w.*)$", text, re.MULTILINE)
        found += [block[block.index("reproduce ") :].partition("#")[0] for block in blocks]
    return found


@pytest.mark.parametrize("text", commands())
def test_a_documented_command_has_options_that_exist(text: str) -> None:
    words = shlex.split(text)
    assert words[0] == "reproduce" and words[1] in VERBS
    used = {word for word in words[2:] if word.startswith("--")}
    assert used <= options_of(words[1])


def test_the_manifest_is_a_ray_job_whose_store_outlives_it() -> None:
    job = YAML(typ="safe").load(MANIFEST.read_text())
    assert (job["apiVersion"], job["kind"]) == ("ray.io/v1", "RayJob")
    head = job["spec"]["rayClusterSpec"]["headGroupSpec"]["template"]["spec"]
    (volume,) = head["volumes"]
    (mount,) = head["containers"][0]["volumeMounts"]
    assert volume["name"] == mount["name"] and "persistentVolumeClaim" in volume
    assert f"--store {mount['mountPath']}" in job["spec"]["entrypoint"]


def test_the_manifest_gives_no_more_rights_than_it_needs() -> None:
    job = YAML(typ="safe").load(MANIFEST.read_text())
    cluster = job["spec"]["rayClusterSpec"]
    pods = [cluster["headGroupSpec"], *cluster["workerGroupSpecs"]]
    for spec in (pod["template"]["spec"] for pod in pods):
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        for container in spec["containers"]:
            assert container["securityContext"]["allowPrivilegeEscalation"] is False
            assert container["resources"]["limits"]
