from __future__ import annotations

from pathlib import Path

import pytest

from reproduce.errors import DataError
from reproduce.pretrain.text_files import (
    Census,
    Evaluations,
    clean,
    find_text,
    is_free,
    read_text,
)
from tests.data.real import real

LONG = "one two three four five six seven eight nine ten eleven twelve thirteen"


def write(folder: Path) -> Path:
    """A folder of corpora: text in two languages, a treebank, an evaluation of each form."""
    (folder / "text" / "commonvoice").mkdir(parents=True)
    (folder / "text" / "ntrex").mkdir()
    (folder / "ud" / "English-X").mkdir(parents=True)
    (folder / "nli").mkdir()
    files = {
        "text/commonvoice/en.txt": f"A free sentence here.\nA free sentence here.\n{LONG} and on.\n"
        "The evaluated one stands!\nWhat a treebank evaluates.\n",
        "text/commonvoice/zh-CN.txt": "自由 的 句子\n",
        "text/ntrex/newstest2019-ref.deu.txt": "Ein freier Satz.\n",
        "text/nc.txt": "Not free.\n",
        "text/SOURCES.tsv": "file\trepository\tcommit\tlicence\tnote\n"
        "commonvoice/en.txt\tr\tc\tCC0 1.0\t\n"
        "commonvoice/zh-CN.txt\tr\tc\tCC BY 4.0\t\n"
        "ntrex/newstest2019-ref.deu.txt\tr\tc\tCC BY-SA 4.0\t\n"
        "nc.txt\tr\tc\tCC BY-NC 4.0\t\n",
        "ud/SOURCES.tsv": "file\trepository\tcommit\tlicence\tnote\n"
        "English-X/train.conllu\tr\tc\tCC BY-SA 4.0\t\n",
        "ud/English-X/train.conllu": "# text = From a treebank.\n1\tFrom\t_\n\n",
        "ud/English-X/test.conllu": "1\tWhat\t_\n2\ta\t_\n3\ttreebank\t_\n4\tevaluates\t_\n\n",
        "nli/dev-en.tsv": f"the evaluated one stands\tso {LONG}\tneutral\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def cleaned(folder: Path) -> tuple[list[list[str]], Census]:
    census = Census()
    files = find_text(folder, census)
    return list(clean(files, Evaluations.of(folder), census)), census


@pytest.mark.parametrize(
    ("licence", "free"),
    [
        ("CC0 1.0 (server/data/LICENSE)", True),
        ("public domain editions", True),
        ("CC BY 2.0 FR", True),
        ("CC BY-SA 4.0", True),
        ("CC BY-NC 4.0", False),
        ("CC BY-NC-SA 4.0; LICENSE.txt: CC BY-SA 4.0 (they disagree)", False),
        ("CC BY-ND 4.0", False),
        ("not stated for the data; Wikipedia text (CC BY-SA)", False),
        ("MIT", False),
        ("", False),
    ],
)
def test_only_clearly_free_licences_are_taken(licence, free):
    assert is_free(licence) == free


def test_text_without_a_free_licence_is_left_out_and_named(tmp_path):
    census = Census()
    names = [f.path.name for f in find_text(write(tmp_path), census)]
    assert census.refused == {"text/nc.txt": "CC BY-NC 4.0"}
    assert names == ["en.txt", "zh-CN.txt", "newstest2019-ref.deu.txt", "train.conllu"]
    assert set(census.licences) == {"CC0 1.0", "CC BY 4.0", "CC BY-SA 4.0"}


def test_no_evaluated_sentence_and_no_repetition_gets_through(tmp_path):
    found, census = cleaned(write(tmp_path))
    assert [text for code, text in found if code == "en"] == [
        "A free sentence here.",
        "From a treebank.",
    ]
    assert (census.repeated, census.evaluated, census.overlapping) == (1, 2, 1)
    assert census.sentences == {"en": 2, "zh": 1, "de": 1}


def test_thirteen_words_in_a_row_are_an_overlap_and_twelve_are_not():
    evaluations = Evaluations()
    evaluations.add(f"Said: {LONG}.")
    assert evaluations.overlap(f"{LONG.upper()}, and on")
    assert not evaluations.overlap(LONG.removesuffix(" thirteen") + " and on and on")


def test_a_folder_without_free_text_is_refused(tmp_path):
    with pytest.raises(DataError, match="no text with a free licence"):
        find_text(tmp_path, Census())


def test_real_files_are_read_in_their_languages():
    census = Census()
    files = find_text(real("text").parent, census)
    codes = {f.language for f in files}
    assert {"en", "de", "zh", "fy", "sw", "kk", "mr"} <= codes
    assert not [f for f in files if len(f.language) != 2]
    bible = next(f for f in files if f.path.name == "nt_en-es.tsv" and f.language == "es")
    assert next(read_text(bible)).startswith("LIBRO de la generación")
