"""Pins the generated corpora of the shipped claims by all their sentences.

`python -m tests.codeswitch.pin_corpora` after a change that is meant to change them.
"""

from __future__ import annotations

import json

from reproduce.book import load_book, load_setting
from reproduce.codeswitch import source
from reproduce.experiments.code_switch import CodeSwitch, needs
from reproduce.resources import shipped


def wanted() -> list[tuple[str, str, int]]:
    """Corpus, split and number of sentences of every slice that the claims need in the world."""
    setting = load_setting("world")
    assert setting.code_switching is not None
    found: dict[tuple[str, str, int], None] = {}
    for entry in load_book([shipped("claims")]).claims:
        experiment = entry.claim.experiment
        if isinstance(experiment, CodeSwitch) and experiment.pair in setting.code_switching.pairs:
            for need in needs(experiment, setting).mixed:
                found[need.corpus, need.split, need.sentences] = None
    return sorted(found)


def main() -> None:
    """Write the pins."""
    made = {source.pin_key(*one): source.whole_digest(*one) for one in wanted()}
    source._PINS.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
