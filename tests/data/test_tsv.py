from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reproduce.data.files import Corpus
from reproduce.data.tsv import SOURCE, read_pairs
from reproduce.errors import DataError
from reproduce.nouns.setting import DataChoice
from tests.data.real import real


def corpus(task: str = "pawsx", language: str = "en", split="test", **options) -> Corpus:
    return Corpus("test-en.tsv", language, task, split, options)


def read(folder: Path, text: str, task: str = "pawsx", **options):
    path = folder / "test-en.tsv"
    path.write_bytes(text.encode())
    return list(read_pairs(path, corpus(task, **options)))


def refusal(folder: Path, text: str, task: str = "pawsx", **options) -> str:
    with pytest.raises(DataError) as error:
        read(folder, text, task, **options)
    return str(error.value).replace(f"{folder}/", "")


def words(pairs):
    return [(" ".join(p.first.words), " ".join(p.second.words), p.label) for p in pairs]


def test_three_fields_are_two_sentences_and_a_label(tmp_path):
    assert words(read(tmp_path, "a b\tb a\t1\n")) == [("a b", "b a", "paraphrase")]


def test_a_header_names_the_fields(tmp_path):
    text = "id\tsentence1\tsentence2\tlabel\n10\ta\tb\t0\n"
    assert words(read(tmp_path, text)) == [("a", "b", "different")]


def test_a_premise_may_stand_among_other_fields(tmp_path):
    text = "id\tlanguage\tpremise\thypothesis\tlabel\n1\taym\ta\tb\tneutral\n"
    assert words(read(tmp_path, text, "xnli")) == [("a", "b", "neutral")]


def test_the_training_file_of_xnli_says_contradictory(tmp_path):
    text = "premise\thypo\tlabel\na\tb\tcontradictory\n"
    assert words(read(tmp_path, text, "xnli")) == [("a", "b", "contradiction")]


def test_quotes_are_part_of_the_text(tmp_path):
    text = 'he said "no\tshe said ""yes""\t1\n"a"\tb"\t0\n'
    assert words(read(tmp_path, text)) == [
        ('he said "no', 'she said ""yes""', "paraphrase"),
        ('"a"', 'b"', "different"),
    ]


def test_fields_in_quotes_may_hold_tabs_and_quotes(tmp_path):
    text = '"a\tb"\t"she said ""yes"""\t1\n'
    assert words(read(tmp_path, text, quoted=True)) == [("a b", 'she said "yes"', "paraphrase")]


def test_a_tab_in_a_quoted_field_is_told_with_the_option_that_reads_it(tmp_path):
    assert refusal(tmp_path, '"a\tb"\tc\t1\n') == (
        "test-en.tsv:1: 4 fields, 3 expected\n"
        "  allowed: first sentence, second sentence and label, separated by tabs; or a header"
        " with sentence1, sentence2, label\n"
        "  next: a field with a tab in quotes? Then set data.options.quoted: true"
    )


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path):
    plain = read(tmp_path, "a\tb\t1\nc\td\t0\n")
    assert read(tmp_path, "\ufeffa\tb\t1\r\nc\td\t0\r\n") == plain
    assert read(tmp_path, "\ufeffa\tb\t1\r\nc\td\t0\r\n", quoted=True) == plain


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("a\tb\t1\na\tb", {}, "test-en.tsv:2: 2 fields, 3 expected"),
        ("a\tb", {}, "the file is cut off here"),
        ("a\tb\tc\t1", {}, "a tab inside a sentence? Replace it by a space"),
        ("a\tb\tneutral", {}, "'neutral' is no label of pawsx\n  allowed: 0, 1, different"),
        ("a\tb\tneutral", {}, "a header with other names, or the file of another task?"),
        ("a,b,1", {}, "test-en.tsv:1: 1 field, 3 expected"),
        ("a\t \t1", {}, "the second sentence is empty"),
        (
            'a\tb\t1\nc\t"d\t1\ne\tf\t0\n',
            {"quoted": True},
            "test-en.tsv:2: quotes that do not match",
        ),
        ('a\t"b\t1', {"quoted": True}, "next: if quotes are part of the text, leave"),
        ("a\tb\t1", {"rows_per_cluster": 0}, "allowed: from 1"),
    ],
)
def test_a_bad_line_is_named_with_what_to_do(tmp_path, text, options, message):
    assert message in refusal(tmp_path, text, **options)


def test_another_encoding_is_explained(tmp_path):
    path = tmp_path / "test-en.tsv"
    path.write_bytes("a\tb\t1\né\tb\t1\n".encode("latin-1"))
    with pytest.raises(DataError, match=r"tsv:2: not UTF-8.*\n.*iconv"):
        list(read_pairs(path, corpus()))


def test_empty_sentences_can_be_left_out_and_rows_stay_aligned(tmp_path):
    text = "a\tb\t1\n\tb\t1\nc\td\t1\n"
    found = read(tmp_path, text, skip_empty=True, test_rows="2-3")
    assert words(found) == [("c", "d", "paraphrase")]
    assert found[0].cluster.endswith("/3")


def test_translations_share_their_clusters_and_neighbours_do_not(tmp_path):
    for code in ("en", "es"):
        (tmp_path / f"dev-{code}.tsv").write_text("a\tb\t1\nc\td\t0\n")
    found = [
        [p.cluster for p in read_pairs(tmp_path / f"dev-{c}.tsv", corpus(language=c))]
        for c in ("en", "es")
    ]
    assert found[0] == found[1]
    assert len(set(found[0])) == 2


def test_pairs_of_one_premise_are_one_cluster(tmp_path):
    found = read(tmp_path, "a\tb\t1\na\tc\t1\nd\te\t1\n", rows_per_cluster=2)
    assert [p.cluster.rsplit("/")[-1] for p in found] == ["1", "1", "2"]


def test_rows_tell_the_splits_of_one_file_apart(tmp_path):
    (tmp_path / "dev-en.tsv").write_text("".join(f"a{i}\tb\t1\n" for i in range(1, 7)))
    choice = DataChoice(
        source="tsv",
        folder=str(tmp_path),
        files={"en": "dev-en.tsv"},
        options={"train_rows": "1-3", "test_rows": "4-6"},
    )
    train = SOURCE.describe(choice, "pawsx", "en", "train", 99)
    test = SOURCE.describe(choice, "pawsx", "en", "test", 99)
    assert (train.count, test.count) == (3, 3)
    assert train.digest != test.digest
    with pytest.raises(DataError, match=r"no split 'dev'\n.*allowed: train, test"):
        SOURCE.describe(choice, "pawsx", "en", "dev", 9)


field = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\t\n\r"),
    min_size=1,
).filter(lambda text: text.strip())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.tuples(field, field, st.sampled_from("01")), min_size=1, max_size=5))
def test_what_is_written_is_read(tmp_path, rows):
    found = read(tmp_path, "\n".join("\t".join(row) for row in rows))
    assert [(p.first.words, p.second.words) for p in found] == [
        (tuple(a.split()), tuple(b.split())) for a, b, _ in rows
    ]


def test_the_development_sets_of_xnli_are_translations_of_the_same_pairs():
    clusters, labels = [], []
    for code in ("en", "es", "hi"):
        path = real(f"nli/xnli_nc/dev-{code}.tsv")
        pairs = list(read_pairs(path, corpus("xnli", code, rows_per_cluster=3)))
        clusters.append([p.cluster for p in pairs])
        labels.append([p.label for p in pairs])
    assert len(set(clusters[0])) == 830
    assert clusters[0] == clusters[1] == clusters[2]
    assert labels[0] == labels[1] == labels[2]


def test_lines_of_pawsx_with_quotes_are_read_whole():
    pairs = list(read_pairs(real("paraphrase/pawsx/dev-es.tsv"), corpus(language="es")))
    assert len(pairs) == 2000
    assert any('"' in word for p in pairs for word in p.first.words)


def test_an_empty_premise_in_real_data_is_named():
    path = real("nli/americasnli/test/nah.tsv")
    with pytest.raises(DataError, match=r"nah\.tsv:520: the first sentence is empty"):
        list(read_pairs(path, corpus("xnli", "nah")))
    assert len(list(read_pairs(path, corpus("xnli", "nah", skip_empty=True)))) == 735


def test_a_file_of_one_split_is_read_whole_whatever_rows_are_named_for_others(tmp_path):
    path = tmp_path / "test-aym.tsv"
    path.write_text("premise\thypothesis\tlabel\na\tb\tneutral\nc\td\tneutral\n")
    rows = {"train_rows": "1-5", "test_rows": "1951-2490"}
    own = Corpus("{split}-aym.tsv", "aym", "xnli", "test", rows)
    assert len(list(read_pairs(path, own))) == 2
    with pytest.raises(DataError, match="the rows begin at 1951"):
        list(read_pairs(path, Corpus("test-aym.tsv", "aym", "xnli", "test", rows)))
