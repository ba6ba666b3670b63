from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
import torch

from reproduce.errors import CheckpointError
from reproduce.models.checkpoint import inspect_checkpoint, load_encoder, load_tokenizer
from tests.tiny import LETTERS, SPECIAL, make_checkpoint, write_tokenizer


@pytest.fixture
def folder(tmp_path, tiny_checkpoint):
    return shutil.copytree(tiny_checkpoint, tmp_path / "bert")


def edit(path, **changes):
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_the_facts_are_those_of_the_folder(tiny_checkpoint):
    facts = inspect_checkpoint(tiny_checkpoint)
    assert (facts.layers, facts.hidden, facts.positions, facts.cased) == (3, 16, 128, False)
    encoder, tokenizer = load_encoder(tiny_checkpoint)
    assert facts.vocabulary == tokenizer.get_vocab_size()
    assert facts.parameters == sum(p.numel() for p in encoder.parameters())


def test_inspecting_imports_neither_torch_nor_transformers(tiny_checkpoint):
    code = (
        "import sys; from reproduce.models.checkpoint import inspect_checkpoint as i;"
        "from reproduce.models.fusion import check_fusion; i(sys.argv[1]);"
        "sys.exit(bool({'torch', 'transformers'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(tiny_checkpoint)]
    assert subprocess.run(command, check=False, timeout=60).returncode == 0


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "tokenizer.json"])
def test_the_digest_covers_each_file(folder, file):
    before = inspect_checkpoint(folder).digest
    content = (folder / file).read_bytes()
    changed = content[:-1] + b"\x01" if file == "model.safetensors" else content + b" "
    (folder / file).write_bytes(changed)
    assert inspect_checkpoint(folder).digest != before


def test_the_digest_does_not_depend_on_the_place_or_on_other_files(folder, tiny_checkpoint):
    (folder / "README.md").write_text("a card")
    assert inspect_checkpoint(folder).digest == inspect_checkpoint(tiny_checkpoint).digest


def test_the_encoder_is_float32_in_evaluation_mode_whatever_the_file_holds(folder):
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    save_file({n: w.half() for n, w in weights.items()}, folder / "model.safetensors")
    encoder, _ = load_encoder(folder)
    assert {p.dtype for p in encoder.parameters()} == {torch.float32}
    assert not encoder.training


def test_a_folder_with_a_pretraining_head_gives_the_same_encoder(folder, capfd):
    from transformers import BertForMaskedLM

    plain, _ = load_encoder(folder)
    whole = BertForMaskedLM(plain.config)
    whole.bert.load_state_dict(plain.state_dict())
    whole.save_pretrained(folder)
    capfd.readouterr()
    loaded, _ = load_encoder(folder)
    assert capfd.readouterr() == ("", "")
    for name, value in plain.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], value)


def test_the_tokenizer_cuts_words_as_transformers_does(tiny_checkpoint):
    from transformers import BertTokenizerFast

    ours = load_tokenizer(tiny_checkpoint)
    # Unless told, transformers 5 lower-cases, whatever tokenizer.json says.
    theirs = BertTokenizerFast.from_pretrained(tiny_checkpoint, do_lower_case=False)
    words = ["the", "dogs", "Oslo", "a-b", "étude"]
    found = ours.encode(words, is_pretokenized=True, add_special_tokens=False).tokens
    assert found == theirs.tokenize(words, is_split_into_words=True)


def test_a_vocabulary_file_serves_where_no_tokenizer_file_is(folder):
    vocabulary = [*SPECIAL, *LETTERS, "The", "dog", "##s"]
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n")
    tokenizer = load_tokenizer(folder)
    found = tokenizer.encode(["The", "dogs"], is_pretokenized=True, add_special_tokens=False)
    assert found.tokens == ["The", "dog", "##s"]


def refused(folder, message):
    with pytest.raises(CheckpointError, match=message) as error:
        inspect_checkpoint(folder)
    return str(error.value)


def test_an_absent_folder_is_refused(tmp_path):
    assert "next:" in refused(tmp_path / "none", "no such checkpoint folder")


def test_a_file_is_refused_with_its_folder(folder):
    assert f"next: name the folder that holds it: {folder}" in refused(
        folder / "config.json", "this is a file"
    )


def test_an_unknown_embedded_checkpoint_is_refused():
    assert "allowed:" in refused("embedded:nothing", "no embedded checkpoint 'nothing'")


def test_a_folder_without_configuration_is_refused(folder):
    (folder / "config.json").unlink()
    refused(folder, "no config.json")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model_type": "gpt2"}, "model_type 'gpt2'"),
        ({"is_decoder": True}, "a decoder"),
        ({"num_hidden_layers": "3"}, "num_hidden_layers is '3'"),
        ({"vocab_size": 5}, r"word embeddings are \[97, 16\].*\[5, 16\]"),
    ],
)
def test_a_configuration_of_something_else_is_refused(folder, changes, message):
    edit(folder / "config.json", **changes)
    refused(folder, message)


def test_a_configuration_that_is_no_json_is_refused(folder):
    (folder / "config.json").write_text("{")
    refused(folder, "not JSON")


def test_a_folder_without_tokenizer_is_refused(folder):
    (folder / "tokenizer.json").unlink()
    assert "tokenizer.json or vocab.txt" in refused(folder, "no tokenizer")


@pytest.mark.parametrize("name", ["pytorch_model.bin", "weights.pt", "last.ckpt"])
def test_pickled_weights_are_refused(folder, name):
    (folder / "model.safetensors").rename(folder / name)
    message = refused(folder, rf"the weights are pickled \({name}\); model.safetensors is required")
    assert "next: convert them: save_pretrained" in message


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("config.json", "[" * 100_000, "config.json: not JSON"),
        ("tokenizer.json", '{"model": []}', "no vocabulary of sub-words"),
        ("tokenizer.json", '{"model": {"vocab": {"a": 0}}, "added_tokens": [1]}', "are no tokens"),
        ("tokenizer.json", '{"model": {"vocab": {"a": "x"}}}', "a sub-word's id is no number"),
    ],
)
def test_a_torn_file_of_a_checkpoint_is_refused(folder, name, content, message):
    (folder / name).write_text(content)
    refused(folder, message)


def test_a_vocabulary_in_another_encoding_is_refused(folder):
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.txt").write_bytes(b"\xe9\n")
    refused(folder, "vocab.txt: not UTF-8")


def test_absent_weights_are_refused(folder):
    (folder / "model.safetensors").unlink()
    refused(folder, "no weights")


@pytest.mark.parametrize("size", [4, 200, -1])
def test_torn_weights_are_refused(folder, size):
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[:size])
    refused(folder, "torn")


def test_a_cased_vocabulary_behind_a_lower_casing_tokenizer_is_refused(folder):
    words = [*SPECIAL, *LETTERS, *(letter.upper() for letter in LETTERS)]
    write_tokenizer(folder, words, lowercase=True)
    assert "lowercase" in refused(folder, "lower-cases its input, but the vocabulary is cased")


def test_a_cased_tokenizer_over_a_cased_vocabulary_is_accepted(tmp_path):
    folder = make_checkpoint(tmp_path / "cased", words=["The", "Dog", "Oslo"])
    assert inspect_checkpoint(folder).cased


def test_a_tokenizer_of_a_larger_vocabulary_is_refused(folder):
    write_tokenizer(folder, [*SPECIAL, *(f"w{n}" for n in range(200))])
    refused(folder, "only 97 embeddings")


def test_a_vocabulary_without_special_tokens_is_refused(folder):
    write_tokenizer(folder, list(LETTERS))
    refused(folder, "no .CLS.|no .PAD.")


def test_missing_tensors_are_refused_when_loaded(folder):
    from safetensors.numpy import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    del weights["encoder.layer.1.output.dense.weight"]
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"1 tensors.*encoder.layer.1.output.dense.weight"):
        load_encoder(folder)


def test_code_that_a_configuration_names_is_never_run(folder):
    config = json.loads((folder / "config.json").read_text())
    config["auto_map"] = {
        "AutoModel": "modeling_own.OwnModel",
        "BertModel": "modeling_own.OwnModel",
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "modeling_own.py").write_text("raise SystemExit('code of the checkpoint ran')\n")
    assert inspect_checkpoint(folder).layers == 3
    model, _ = load_encoder(folder)
    assert type(model).__module__.startswith("transformers.")


def test_a_model_of_the_hub_that_was_not_fetched_says_how_to_fetch_it(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(CheckpointError, match=r"not on this machine.*\n.*reproduce fetch"):
        inspect_checkpoint(f"hub:acme/bert@{'1' * 40}")
