"""How long reading a folder of corpora takes: `python benchmarks/reading.py ../shared/data`."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from reproduce.data.columns import read_words
from reproduce.data.conllu import read_sentences
from reproduce.data.files import Corpus, pin
from reproduce.data.lines import read_lines
from reproduce.data.tsv import read_pairs
from reproduce.errors import DataError
from reproduce.nouns.sentence import Example


def examples_of(path: Path) -> Iterator[Example]:
    folders = path.parts
    language = path.stem.split("-")[-1]
    if path.suffix == ".conllu":
        return read_sentences(path, name=path.parent.name, language=language)
    task = next((t for f, t in (("nli", "xnli"), ("paraphrase", "pawsx")) if f in folders), "")
    if task and path.name != "SOURCES.tsv":
        return read_pairs(path, Corpus(path.name, language, task, "test", {"skip_empty": True}))
    if path.suffix == ".iob2":
        options = {"outside": "OTH,O"}
        return read_words(path, Corpus(path.parent.name, language, "ner", "test", options))
    if "xtreme_udpos" in folders and path.name != "SOURCES.tsv":
        return read_words(path, Corpus(path.name, language, "pos", "test", {}))
    return iter(())


def main(root: Path) -> None:
    started = time.perf_counter()
    size = examples = lines = 0
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        size += path.stat().st_size
        try:
            count = pin(examples_of(path)).count
            examples += count
            if not count and path.suffix != ".npz":
                lines += sum(1 for _ in read_lines(path))
        except DataError as error:
            print(f"refused: {error}")
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{size / 1e6:.0f} MB: {examples} examples and {lines} other lines in {seconds:.1f} s,")
    print(f"at most {peak:.0f} MB of memory")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
