from __future__ import annotations

from pathlib import Path

from reproduce.corpora import corpora, manifest, missing, overlaps
from reproduce.data.places import corpus_key, data_of, describe
from reproduce.nouns.cell import FineTune, Whereabouts
from reproduce.nouns.setting import Setting, Training
from reproduce.report.facts import overlap_lines
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


def test_a_torn_file_is_reported_whatever_its_split(tmp_path):
    mine = setting(tmp_path)
    (tmp_path / "train-en.tsv").write_text("a\tNOUN\nb")
    (tmp_path / "dev-de.tsv").write_text("a\tNN\n")
    found = {corpus.language: corpus for corpus in corpora(mine)}
    assert "train-en.tsv:2: 1 column where the lines above have 2" in found["en"].problem
    assert "dev-de.tsv:1: 'NN' is no universal part of speech" in found["de"].problem
    assert found["en"].counts == {"dev": 1, "test": 2}


def test_a_target_language_may_have_a_test_set_alone_and_the_source_may_not(tmp_path):
    mine = setting(tmp_path)
    for name in ("train-en.tsv", "train-de.tsv", "dev-de.tsv"):
        (tmp_path / name).unlink()
    found = {corpus.language: corpus for corpus in corpora(mine)}
    assert found["de"].problem == ""
    assert "there is no split 'train'" in found["en"].problem


def test_a_file_that_may_not_be_read_is_told_with_its_place(tmp_path, monkeypatch):
    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    mine = setting(tmp_path)
    monkeypatch.setattr(Path, "is_file", refuse)
    found = {corpus.language: corpus for corpus in corpora(mine)}
    assert "test-de.tsv: cannot be read: Permission denied\n  next: put a" in found["de"].problem


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


def cell_over(setting: Setting, *, trained_on: str = "en") -> tuple[FineTune, Whereabouts]:
    """A cell over the setting's corpora, and where they are."""
    data = setting.tasks["pos"].data
    train = describe(data, "pos", trained_on, "train", 9)
    evaluate = tuple(describe(data, "pos", code, "test", 9) for code in ("en", "de"))
    places = {corpus_key(p): data_of(data, p.language, p.split) for p in (train, *evaluate)}
    whereabouts = Whereabouts(
        checkpoints={},
        corpora={key: place.folder for key, place in places.items()},
        options={key: place.options for key, place in places.items()},
    )
    cell = FineTune(
        model="m", task="pos", train=(train,), evaluate=evaluate, pair_head="matched",
        training=Training(epochs=1, learning_rate=0.1), checkpoints=("last",), steps={},
    )  # fmt: skip
    return cell, whereabouts


def test_a_run_counts_evaluated_sentences_that_were_trained_on(tmp_path):
    cell, whereabouts = cell_over(setting(tmp_path))
    found = overlaps([cell, cell], whereabouts)
    assert [(o.language, o.count, o.of) for o in found] == [("en", 1, 2), ("de", 1, 2)]
    assert overlap_lines(found) == ("pos, test, trained on en: en 1 of 2, de 1 of 2",)


def test_what_cannot_be_read_has_no_count(tmp_path):
    cell, whereabouts = cell_over(setting(tmp_path))
    (tmp_path / "train-en.tsv").unlink()
    assert overlaps([cell], whereabouts) == ()


def elsewhere(folder: Path) -> Setting:
    """A setting whose German training sentences are another corpus's."""
    made = setting(folder)
    (folder / "other").mkdir()
    (folder / "other" / "some-de.tsv").write_text("f\tNOUN\n\ne\tNOUN")
    other = {"source": "columns", "folder": str(folder / "other"), "files": {"de": "some-de.tsv"},
             "options": {"train_rows": "1-9"}}  # fmt: skip
    values = made.model_dump(mode="json")
    values["tasks"]["pos"]["data"]["training"] = {"de": other}
    return Setting.model_validate(values)


def test_training_data_may_be_another_corpus_in_another_format(tmp_path):
    data = elsewhere(tmp_path).tasks["pos"].data
    piece = describe(data, "pos", "de", "train", 9)
    assert (piece.name, piece.count) == ("some-de.tsv", 2)
    assert describe(data, "pos", "de", "test", 9).name == "{split}-de.tsv"


def test_sentences_of_that_other_corpus_are_counted_too(tmp_path):
    cell, whereabouts = cell_over(elsewhere(tmp_path), trained_on="de")
    assert [(o.language, o.count) for o in overlaps([cell], whereabouts)] == [("en", 1), ("de", 1)]


def test_development_data_are_left_out_where_training_data_are_elsewhere(tmp_path):
    found = {corpus.language: corpus for corpus in corpora(elsewhere(tmp_path))}
    assert found["de"].counts == {"train": 2, "test": 2}
    assert found["de"].duplicates == {"test": 2}  # one of the source's sentences, one of its own
