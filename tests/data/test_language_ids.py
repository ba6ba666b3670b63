"""Language ids of words: in CoNLL-U's last column, and in the token files of GLUECoS."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reproduce.codeswitch.profile import profile
from reproduce.data.conllu import SOURCE, read_sentences
from reproduce.data.gluecos import BENCHMARK
from reproduce.data.gluecos import SOURCE as GLUECOS
from reproduce.data.language_ids import NEUTRAL, lid_labels, plain_id
from reproduce.errors import DataError
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.pair import pair_codes
from reproduce.nouns.setting import DataChoice
from reproduce.tasks import TASKS
from tests.data.real import real


def row(number: object, form: str, misc: str, tag: str = "NOUN") -> str:
    return f"{number}\t{form}\t{form}\t{tag}\t_\t_\t0\troot\t_\t{misc}"


def conllu(folder: Path, *lines: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "test.conllu"
    path.write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    return path


def read(path: Path, language: str = "de--tr", name: str = "x"):
    return list(read_sentences(path, name=name, language=language))


def test_csid_comes_before_lang(tmp_path: Path) -> None:
    path = conllu(tmp_path, row(1, "a", "CSID=MIXED|Lang=qtd"), row(2, "b", "CSID=TR|Lang=tr"))
    assert read(path)[0].languages == ("mixed", "tr")


def test_a_word_of_a_multiword_token_has_its_language(tmp_path: Path) -> None:
    path = conllu(
        tmp_path,
        row("1-2", "can't", "_"), row(1, "can", "Lang=eng"), row(2, "'t", "_"),
        row("3-4", "al", "Lang=spa"), row(3, "a", "_"), row(4, "el", "_"),
        row(5, ".", "_", "PUNCT"), row(6, "x", "_"),
    )  # fmt: skip
    assert read(path, "en--es")[0].languages == ("en", "en", "es", "es", "univ", "unk")


def test_a_treebank_without_language_ids_has_none(tmp_path: Path) -> None:
    assert read(conllu(tmp_path, row(1, "a", "SpaceAfter=No")))[0].languages is None


def test_an_unknown_language_id_is_refused_by_file_and_line(tmp_path: Path) -> None:
    path = conllu(tmp_path, row(1, "a", "Lang=eng"), row(2, "b", 'Lang=spa>["]'))
    with pytest.raises(DataError, match=r"test\.conllu:2.*'spa>\[\"\]' is not known"):
        read(path, "en--es")


def test_normalized_forms_are_read_where_they_are_asked_for(tmp_path: Path) -> None:
    path = conllu(tmp_path, row(1, "me", "Lang=hi|Norm=में"), row(2, "bold", "Lang=en"))
    assert read(path, "hi--en")[0].words == ("me", "bold")
    assert read(path, "hi--en", "x#norm")[0].words == ("में", "bold")


def test_language_identification_labels_words_by_their_place_in_the_pair(tmp_path: Path) -> None:
    conllu(tmp_path / "c", row(1, "a", "CSID=TR"), row(2, "b", "CSID=DE"), row(3, "!", "_"))
    choice = DataChoice(source="conllu", folder=str(tmp_path), files={"de--tr": "c"})
    piece = SOURCE.describe(choice, "lid", "de--tr", "test", 9)
    where = Whereabouts(checkpoints={}, corpora={"conllu/c": str(tmp_path)})
    assert SOURCE.load(piece, where)[0].languages == ("lang2", "lang1", "unk")


def test_language_identification_needs_a_pair(tmp_path: Path) -> None:
    conllu(tmp_path / "c", row(1, "a", "CSID=TR"))
    choice = DataChoice(source="conllu", folder=str(tmp_path), files={"tr": "c"})
    with pytest.raises(DataError, match="a pair of languages"):
        SOURCE.describe(choice, "lid", "tr", "test", 9)


@given(st.text(max_size=8))
@settings(deadline=None)
def test_every_id_becomes_a_code_or_a_neutral_id_or_nothing(identity: str) -> None:
    found = plain_id(identity, ("en", "es"))
    assert found is None or found in ("en", "es", *NEUTRAL)


def test_a_language_may_be_named_in_full_as_treebanks_are() -> None:
    assert plain_id("Spanish", ("en", "es")) == "es"


def test_lid_labels_are_labels_of_the_task() -> None:
    assert set(lid_labels(("en", "es", *NEUTRAL), ("en", "es"))) == set(TASKS.get("lid").labels)


def test_an_arm_of_a_pair_is_still_the_pair() -> None:
    assert pair_codes("en--es@real") == ("en", "es")
    assert pair_codes("en") is None


# The benchmark's token files


def token_choice(folder: Path, text: str, split: str = "train") -> DataChoice:
    (folder / "c").mkdir(parents=True, exist_ok=True)
    (folder / "c" / f"{split}.txt").write_text(text, encoding="utf-8")
    return DataChoice(source="gluecos", folder=str(folder), files={"en--es": "c", "en": "c"})


def load(choice: DataChoice, task: str, split="train"):
    piece = GLUECOS.describe(choice, task, "en--es", split, 99)
    return GLUECOS.load(piece, Whereabouts(checkpoints={}, corpora={"gluecos/c": choice.folder}))


THREE = "# id = a\nyou\teng\tPRON\nsabes\tspa\tV\n\nok\teng&spa\tIM\n"


def test_three_columns_are_token_language_tag(tmp_path: Path) -> None:
    first, second = load(token_choice(tmp_path, THREE), "bangor_pos")
    assert (first.id, first.words, first.tags) == ("a", ("you", "sabes"), ("PRON", "V"))
    assert (first.languages, second.languages) == (("en", "es"), ("ambiguous",))


def test_two_columns_are_token_and_label(tmp_path: Path) -> None:
    choice = token_choice(tmp_path, "you\teng\nsabes\tspa\n@x\tother\n")
    assert load(choice, "lid")[0].languages == ("lang1", "lang2", "other")
    assert load(token_choice(tmp_path, "you\tPRON\n"), "pos")[0].tags == ("PRON",)


def test_the_development_file_is_called_validation(tmp_path: Path) -> None:
    assert len(load(token_choice(tmp_path, THREE, "validation"), "bangor_pos", "dev")) == 2


def test_hidden_test_labels_are_said_to_be_hidden(tmp_path: Path) -> None:
    choice = token_choice(tmp_path, "you\teng\tPRON\nsabes\tspa\t\n", "test")
    with pytest.raises(DataError, match=r"test\.txt:2: a token without a label"):
        load(choice, "bangor_pos", "test")


def test_an_unknown_language_or_tag_is_refused_by_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"train\.txt:1.*'5' is not known"):
        load(token_choice(tmp_path, "you\t5\tPRON\n"), "bangor_pos")
    with pytest.raises(DataError, match=r"(?s)train\.txt:1.*no universal.*bangor_pos"):
        load(token_choice(tmp_path, "you\teng\tIM\n"), "pos")


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    choice = token_choice(tmp_path, "x")
    (tmp_path / "c" / "train.txt").write_bytes("señal\tspa\tN\n".encode("latin-1"))
    with pytest.raises(DataError, match="not UTF-8"):
        load(choice, "bangor_pos")


def test_a_file_of_four_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="4 columns"):
        load(token_choice(tmp_path, "a\tb\tc\td\n"), "bangor_pos")


def test_the_benchmark_has_six_tasks_each_run_or_explained() -> None:
    assert [t.name for t in BENCHMARK] == ["LID", "POS", "NER", "sentiment", "NLI", "QA"]
    named = {t.name: {name for names in t.tasks.values() for name in names} for t in BENCHMARK}
    assert all(bool(named[t.name]) != bool(t.why_not) for t in BENCHMARK)
    assert all(name in TASKS for names in named.values() for name in names)
    assert "not supported yet" in BENCHMARK[-1].why_not


# Real corpora


def test_the_benchmark_s_spanish_english_files_have_the_known_sizes() -> None:
    folder = real("codeswitch/es-en_Bangor_Miami")
    choice = DataChoice(source="gluecos", folder=str(folder), files={"en--es": "gluecos_pos_en_es"})
    splits = ("train", "dev", "test")
    counts = [GLUECOS.describe(choice, "bangor_pos", "en--es", s, 10_000).count for s in splits]
    assert counts == [1869, 228, 222]
    where = Whereabouts(checkpoints={}, corpora={"gluecos/gluecos_pos_en_es": str(folder)})
    piece = GLUECOS.describe(choice, "bangor_pos", "en--es", "train", 10_000)
    sentences = GLUECOS.load(piece, where)
    assert {tag for s in sentences for tag in s.tags} <= set(TASKS.get("bangor_pos").labels)
    found = profile([s.languages for s in sentences])
    assert found.switches == pytest.approx(1.4, abs=0.1)


@pytest.mark.parametrize(("split", "size"), [("train", 578), ("dev", 801), ("test", 805)])
def test_turkish_german_has_a_language_for_every_word(split: str, size: int) -> None:
    path = real(f"codeswitch/tr-de_SAGT/{split}.conllu")
    sentences = read(path, "de--tr")
    assert len(sentences) == size
    ids = {i for s in sentences for i in s.languages or ("none",)}
    assert ids <= {"de", "tr", "mixed", "fw", "univ"}


def test_the_hand_checked_spanish_english_part_is_read_whole() -> None:
    sentences = read(real("codeswitch/es-en_Miami_UD/checked.conllu"), "en--es")
    assert len(sentences) == 522
    assert sum(len(s.words) for s in sentences) == 5364


def test_hindi_english_switches_as_often_as_known() -> None:
    sentences = read(real("codeswitch/hi-en_HIENCS/full_text_subset/train.conllu"), "hi--en")
    found = profile([s.languages for s in sentences])
    assert 2.4 <= found.switches <= 3.2
    assert 0.245 <= found.i_index <= 0.315


def test_a_blanked_treebank_is_refused_with_an_explanation() -> None:
    real("codeswitch/hi-en_HIENCS/ud_blanked/test.conllu")
    folder = str(real("codeswitch/hi-en_HIENCS"))
    choice = DataChoice(source="conllu", folder=folder, files={"hi--en": "ud_blanked"})
    with pytest.raises(DataError, match="the words were taken out"):
        SOURCE.describe(choice, "pos", "hi--en", "test", 99)


def test_devanagari_stands_in_the_normalized_forms() -> None:
    path = real("codeswitch/hi-en_HIENCS/full_text_subset/test.conllu")
    letters = "".join(w for s in read(path, "hi--en", "x#norm") for w in s.words)
    assert any("\u0900" <= letter <= "\u097f" for letter in letters)


def test_a_file_that_is_not_called_after_a_split_serves_for_testing(tmp_path: Path) -> None:
    conllu(tmp_path / "c", row(1, "a", "Lang=eng")).rename(tmp_path / "c" / "checked.conllu")
    choice = DataChoice(source="conllu", folder=str(tmp_path), files={"en--es": "c/checked.conllu"})
    assert SOURCE.describe(choice, "pos", "en--es", "test", 9).count == 1
    with pytest.raises(DataError, match="no split 'train'"):
        SOURCE.describe(choice, "pos", "en--es", "train", 9)
