"""Tests of what is said of the environment."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from reproduce import provenance


def test_the_environment_is_found_without_importing_anything_heavy():
    code = (
        "import sys; from reproduce.provenance import collect; collect();"
        "print([m for m in ('torch', 'transformers', 'ray', 'scipy', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_packages_have_the_versions_that_importing_them_shows():
    import numpy
    import pydantic

    packages = provenance.collect().packages
    assert packages["numpy"] == numpy.__version__
    assert packages["pydantic"] == pydantic.VERSION


def test_cores_never_exceed_the_affinity_of_the_process():
    usable = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(usable)})
        assert provenance.usable_cores() == 1
    finally:
        os.sched_setaffinity(0, usable)


def test_the_quota_of_a_container_limits_the_cores(monkeypatch):
    monkeypatch.setattr(provenance, "_cgroup_cores", lambda: 1.5)
    assert provenance.usable_cores() == 1


def _git(folder, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)


def test_a_changed_checkout_is_called_dirty(tmp_path):
    (tmp_path / "file").write_text("a")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "file")
    _git(tmp_path, "commit", "-qm", "a")
    commit, dirty = provenance._checkout(tmp_path)
    assert (len(commit or ""), dirty) == (40, False)
    (tmp_path / "file").write_text("b")
    assert provenance._checkout(tmp_path) == (commit, True)


def test_a_folder_that_is_no_checkout_has_no_commit(tmp_path):
    assert provenance._checkout(tmp_path) == (None, None)


def test_a_repository_above_the_package_is_not_its_checkout(tmp_path):
    _git(tmp_path, "init", "-q")
    inside = tmp_path / "site-packages"
    inside.mkdir()
    assert provenance._checkout(inside) == (None, None)


@pytest.fixture
def nvidia_smi(tmp_path, monkeypatch):
    """A program of that name that knows two GPUs."""
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'GPU A'\necho 'GPU B'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    provenance.gpus.cache_clear()
    yield
    provenance.gpus.cache_clear()


@pytest.mark.usefixtures("nvidia_smi")
def test_gpus_are_those_that_nvidia_smi_lists():
    assert provenance.gpus() == ("GPU A", "GPU B")


@pytest.mark.usefixtures("nvidia_smi")
@pytest.mark.parametrize(
    ("visible", "expected"), [("1", ("GPU B",)), ("", ()), ("0,7", ("GPU A",))]
)
def test_only_visible_gpus_count(monkeypatch, visible, expected):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert provenance.gpus() == expected


def test_a_hung_program_does_not_hang_the_run(tmp_path, monkeypatch):
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(provenance, "_TIMEOUT", 0.2)
    provenance.gpus.cache_clear()
    assert provenance.gpus() == ()
    provenance.gpus.cache_clear()
