from __future__ import annotations

from pathlib import Path

from reproduce.corpora import corpora, manifest, missing
from reproduce.nouns.setting import Setting
from tests.data.real import DATA, real

WORDS = {"train": ["a b", "c"], "dev": ["d"], "test": ["a b", "e"]}


def setting(folder: Path) -> Setting:
    for code in ("en", "de"):
        for split, sentences in WORDS.items():
            rows = ["\n".join(f"{word}\tNOUN" for word in s.split()) for s in sentences]
            (folder / f"{split}-{code}.tsv").write_text("\n\n".join(rows))
    (folder / "test-fr.tsv").write_text("x\tnoun")
    data = {
        "source": "columns",
        "folder": str(folder),
        "files": {code: f"{{split}}-{code}.tsv" for code in ("de", "en", "fr")},
    }
    training = {"epochs": 1, "learning_rate": 0.1}
    return Setting.model_validate(
        {
            "name": "mine", "title": "Mine", "evidence": "scaled", "checkpoint": "x",
            "source_language": "en",
            "languages": {c: {"name": c, "family": "?"} for c in ("en", "de", "fr")},
            "tasks": {
                "pos": {"data": data, "train": 9, "dev": 9, "test": 9, "training": training}
            },
        }
    )  # fmt: skip


def test_duplicates_of_training_sentences_are_counted_by_language(tmp_path):
    found = {corpus.language: corpus for corpus in corpora(setting(tmp_path))}
    assert found["en"].counts == {"train": 2, "dev": 1, "test": 2}
    assert found["en"].duplicates == found["de"].duplicates == {"test": 1}


def test_a_corpus_that_cannot_be_read_is_reported_and_the_others_go_on(tmp_path):
    found = {corpus.language: corpus for corpus in corpora(setting(tmp_path))}
    assert "'noun' is no universal part of speech" in found["fr"].problem
    assert found["de"].problem == ""


def test_the_manifest_names_size_licence_and_place_of_every_file():
    entries = manifest("scaled")
    assert len(entries) > 100
    assert all(entry.size > 0 and entry.licence and entry.repository for entry in entries)
    assert manifest("world") == ()


def test_files_of_the_manifest_that_are_absent_are_named(tmp_path):
    entries = manifest("scaled")
    assert missing(entries, tmp_path) == entries
    first = tmp_path / entries[0].path
    first.parent.mkdir(parents=True)
    first.write_text("")
    assert missing(entries, tmp_path) == entries[1:]


def test_the_real_folder_holds_what_the_manifest_says():
    real("ud")
    entries = manifest("scaled")
    assert missing(entries, DATA) == ()
    assert all((DATA / entry.path).stat().st_size == entry.size for entry in entries)
