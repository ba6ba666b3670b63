"""Tests of the manifests of runs."""

from __future__ import annotations

import pytest

from reproduce.errors import StoreError
from reproduce.store import runs
from tests.report.factory import synthetic

RUN, _ = synthetic(layers=3, seeds=2, sentences=2)


def test_a_run_comes_back_as_it_was(store):
    runs.save(store, RUN)
    assert runs.load(store, RUN.id) == RUN


def test_the_experiments_and_expectations_of_its_claims_keep_their_kinds(store):
    runs.save(store, RUN)
    for before, after in zip(RUN.claims, runs.load(store, RUN.id).claims, strict=True):
        assert type(after.claim.experiment) is type(before.claim.experiment)
        assert type(after.claim.expect) is type(before.claim.expect)


def test_the_latest_run_is_the_one_with_the_last_time(store):
    for day in ("20250102", "20250103", "20250101"):
        runs.save(store, RUN.model_copy(update={"id": f"{day}T000000Z-0"}))
    assert runs.latest(store).id == "20250103T000000Z-0"
    assert len(runs.ids(store)) == 3


def test_a_store_without_runs_has_no_latest(store):
    assert runs.latest(store) is None
    assert not store.folder.exists()


def test_a_run_that_is_not_there_is_told_of_with_those_that_are(store):
    runs.save(store, RUN)
    with pytest.raises(StoreError, match=f"no run 'x'\n  allowed: {RUN.id}\n  next: "):
        runs.load(store, "x")


@pytest.mark.parametrize("damage", ["", "{", '{"id": "x"}'])
def test_a_damaged_run_is_told_of_with_its_file(store, damage):
    runs.save(store, RUN).write_text(damage)
    with pytest.raises(StoreError, match=rf"{RUN.id}\.json: the run cannot be read"):
        runs.latest(store)


@pytest.mark.parametrize("id", ["", "../../etc/passwd", "a/b", ".hidden", "a" * 81])
def test_ids_that_could_leave_the_store_are_refused(store, id):
    with pytest.raises(StoreError, match="is not the id of a run"):
        runs.load(store, id)
