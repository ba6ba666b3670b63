"""The card of a checkpoint that was pretrained on real text: card.json and README.md."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

_SIGNALS = {
    "mixed": "of the sentences have words replaced by their translations",
    "parallel": "of the sub-words stand in pairs of translated sentences, masked on both sides",
    "vectors": "times a loss that has each word tell its vector and its neighbours' vectors: made"
    " beforehand from co-occurrences, told in English words through the translations; sub-words"
    " begin with them",
    "contrast": "times a loss that has sentences find their translations among {sentences}",
}


def write_text_card(content: Mapping[str, Any], folder: Path) -> None:
    """Write what is known of a checkpoint, for programs and for people."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")
    (folder / "README.md").write_text(render(content), encoding="utf-8")


def render(content: Mapping[str, Any]) -> str:
    """The card for people."""
    recipe = content["recipe"]
    parts = [
        "# A small multilingual BERT pretrained on real text",
        f"Digest `{content['digest']}`. {recipe['layers']} layers x {recipe['hidden']},"
        f" {recipe['vocabulary']:,} sub-words, cased. {content['tokens']:,} sub-words of masked"
        f" language modelling in {content['hours']} hours on {content['hardware']}"
        f"{', bfloat16 in the layers' if content['half'] else ''}; the whole recipe stands in"
        " card.json.",
        *_scores(content.get("scores")),
        *_beside(content),
        *_text(content),
        "## Loss",
        "Mean over languages, in nats a masked sub-word, on sentences that were never trained on:",
        _table(
            ("sub-words", "held-out loss"),
            [(f"{tokens:,}", f"{loss:.3f}") for tokens, loss in thinned(content["curve"])],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _beside(content: Mapping[str, Any]) -> list[str]:
    used = [
        f"- {value:g} {_SIGNALS[name].format(sentences=48)}"
        for name, value in content["signals"].items()
        if value and name in _SIGNALS
    ]
    if not used:
        return []
    return [
        "## Beside the text",
        "Multilingual BERT has none of this; it is what a small budget needs for any transfer."
        " Claims on code-switching, on retrieval and on how languages come to be alike must be"
        " read with it in mind: dictionaries and translations have been seen.",
        "\n".join(used),
        *_borrowed(content["text"].get("borrowed", {})),
    ]


def _borrowed(lenders: Mapping[str, Sequence[str]]) -> list[str]:
    found = [f"{code} from {', '.join(others)}" for code, others in lenders.items()]
    if not found:
        return []
    return [
        "Without a dictionary or parallel text, translations were borrowed from words spelled"
        f" alike: {'; '.join(found)}."
    ]


def _text(content: Mapping[str, Any]) -> list[str]:
    text, passes = content["text"], content["passes"]
    licences = [f"- {name}: {len(files)} files" for name, files in text["licences"].items()]
    translations = text.get("translations", {})
    rows = [
        (
            code,
            f"{text['words'].get(code, 0):,}",
            str(passes[code]),
            f"{translations.get(code, 0):,}",
            str(value),
        )
        for code, value in content["pseudo_perplexity"].items()
    ]
    head = ("language", "words", "passes", "translations", "held-out pseudo-perplexity")
    return [
        "## Text",
        f"Digest `{text['text']}`. Licences (public domain, CC0, CC BY and CC BY-SA alone):",
        "\n".join(licences),
        "No sentence of an evaluation in the same folder is in it: of what was read,"
        f" {text['evaluated']} sentences stood in one of {text['evaluated_sentences']:,} evaluated"
        f" ones (case and punctuation aside), and {text['overlapping']} shared 13 words in a row"
        f" with one; both were left out, and {text['repeated']} repetitions besides.",
        _table(head, rows),
    ]


def _scores(scores: Mapping[str, Any] | None) -> list[str]:
    if not scores:
        return ["Zero-shot scores are not measured yet: `reproduce pretrain score`."]
    trained, random = scores["trained"], scores["random"]
    rows = [
        (name, f"{fmean(trained[name]):.1f}", f"{fmean(random[name]):.1f}")
        for name in sorted(trained, key=lambda name: (name != scores["source"], name))
    ]
    targets = [name for name in trained if name != scores["source"]]
    means = [fmean(fmean(side[name]) for name in targets) for side in (trained, random)]
    rows.append(("mean of targets", f"{means[0]:.1f}", f"{means[1]:.1f}"))
    return [
        "## Zero-shot part-of-speech tagging",
        f"Trained on {scores['sentences']:,} sentences of {scores['source']}, last layer,"
        f" {scores['seeds']} seeds; accuracy on test data, in per cent:",
        _table(("language", "this checkpoint", "random weights"), rows),
    ]


def thinned(curve: list[list[float]], most: int = 12) -> list[tuple[int, float]]:
    """About so many points of a curve, the first and the last among them."""
    step = max(1, len(curve) // most)
    kept = [*curve[:-1:step], curve[-1]]
    return [(int(tokens), float(loss)) for tokens, loss in kept]


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
