from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet
import pytest

from reproduce.data.hub import SOURCE, parse_name
from reproduce.errors import DataError, UserError
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.setting import DataChoice
from tests.hub.conftest import DATA, DATA_REVISION, write_pairs, write_parquet


@pytest.fixture(scope="module")
def copies(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("copies")
    write_parquet(folder)
    write_pairs(folder)
    return folder


def choice(folder: Path, configuration: str = "udpos.English", **options) -> DataChoice:
    named = {"repository": DATA, "revision": DATA_REVISION, **options}
    return DataChoice(source="hub", folder=str(folder), files={"en": configuration}, options=named)


def load(piece, folder: Path):
    key = f"hub/{piece.name}"
    return SOURCE.load(piece, Whereabouts(checkpoints={}, corpora={key: str(folder)}))


def test_numbers_of_tags_become_their_names(copies):
    piece = SOURCE.describe(choice(copies), "pos", "en", "dev", 5)
    found = load(piece, copies)
    assert piece.count == len(found) == 5
    assert (found[0].words, found[0].tags) == (("the", "cat", "runs"), ("DET", "NOUN", "VERB"))


def test_files_of_the_hub_that_older_clients_wrote_are_read_by_the_names_in_them(tmp_path):
    # As in google/xtreme since 2024: `Sequence` in place of `List`, tags in an order of its own.
    names = {"names": ["X", "VERB", "NOUN"], "_type": "ClassLabel"}
    kinds = {
        "tokens": {"feature": {"dtype": "string", "_type": "Value"}, "_type": "Sequence"},
        "pos_tags": {"feature": names, "_type": "Sequence"},
    }
    columns = {"tokens": [["cats", "run"]], "pos_tags": [[2, 1]]}
    noted = {"huggingface": json.dumps({"info": {"features": kinds}})}
    place = tmp_path / "udpos.English"
    place.mkdir()
    table = pyarrow.table(columns).replace_schema_metadata(noted)
    pyarrow.parquet.write_table(table, place / "test-00000-of-00001.parquet")
    piece = SOURCE.describe(choice(tmp_path), "pos", "en", "test", 5)
    assert load(piece, tmp_path)[0].tags == ("NOUN", "VERB")


def test_pairs_get_their_labels_and_the_clusters_of_their_rows(copies):
    found = load(SOURCE.describe(choice(copies, "en"), "xnli", "en", "test", 9), copies)
    assert [(p.first.words, p.label, p.cluster) for p in found] == [
        (("a", "b"), "entailment", "xnli/test/1"),
        (("c",), "contradiction", "xnli/test/2"),
    ]


def test_the_identity_of_a_slice_names_repository_and_commit_and_no_folder(copies):
    piece = SOURCE.describe(choice(copies), "pos", "en", "test", 5)
    assert piece.name == f"{DATA}@{DATA_REVISION}:udpos.English"
    assert str(copies) not in piece.model_dump_json()


def test_a_missing_shard_is_noticed(copies, tmp_path):
    place = tmp_path / "udpos.English"
    place.mkdir()
    (place / "test-00000-of-00002.parquet").write_bytes(b"")
    with pytest.raises(DataError, match="1 of 2 files of split 'test' of udpos.English"):
        SOURCE.describe(choice(tmp_path), "pos", "en", "test", 5)


def test_a_torn_file_is_told(tmp_path):
    place = tmp_path / "udpos.English"
    place.mkdir()
    (place / "test-00000-of-00001.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match="no Parquet file, or a torn one"):
        SOURCE.describe(choice(tmp_path), "pos", "en", "test", 5)


@pytest.mark.parametrize(
    ("configuration", "task", "split", "message"),
    [
        ("udpos.Klingon", "pos", "test", "nothing of udpos.Klingon is on this machine"),
        ("en", "xnli", "train", r"no split 'train' in en\n.*allowed: test"),
        ("en", "pos", "test", "no annotation for pos; the columns are premise"),
        ("udpos.English", "xnli", "test", "no pairs; the columns are tokens"),
        ("../secret", "pos", "test", "no name of a configuration"),
        ("udpos.English", "lid", "test", "does not read task 'lid'"),
    ],
)
def test_what_is_absent_is_told(copies, configuration, task, split, message):
    with pytest.raises(DataError, match=message):
        SOURCE.describe(choice(copies, configuration), task, "en", split, 5)


def test_hidden_labels_are_refused_and_not_read_as_the_last_one(tmp_path):
    write_pairs(tmp_path, labels=[0, -1])
    message = r"a label is -1: the labels are hidden\n  allowed: 0 to 2: entailment.*\n  next: "
    with pytest.raises(DataError, match=message):
        SOURCE.describe(choice(tmp_path, "en"), "xnli", "en", "test", 9)


def test_a_missing_label_is_told_and_a_missing_sentence_is_not_read_as_a_word(tmp_path):
    write_pairs(tmp_path / "labels", labels=[0, None])
    with pytest.raises(DataError, match="a label is missing: the labels are hidden"):
        SOURCE.describe(choice(tmp_path / "labels", "en"), "xnli", "en", "test", 9)
    write_pairs(tmp_path / "sentences", second=None)
    with pytest.raises(DataError, match="row 2: an empty sentence"):
        SOURCE.describe(choice(tmp_path / "sentences", "en"), "xnli", "en", "test", 9)


def test_a_branch_is_no_revision():
    with pytest.raises(UserError, match="the revision 'main' is no commit"):
        parse_name("google/xtreme@main:udpos.English")
