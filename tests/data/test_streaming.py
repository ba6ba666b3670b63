"""A corpus larger than memory is read a sentence at a time.

`REPRODUCE_SLOW_MB=1024 pytest tests/data/test_streaming.py` reads a CoNLL-U file of a gigabyte
(about two minutes); without, one of some megabytes, within a limit that grows with the file.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

MEGABYTES = int(os.environ.get("REPRODUCE_SLOW_MB", "24"))
# Peak beyond what the imports take. What grows with the file is the set of sentence ids.
ALLOWED_MB = 12 + MEGABYTES // 3

_READ = """
import re, sys
from pathlib import Path
from reproduce.data.conllu import SOURCE
from reproduce.nouns.setting import DataChoice

def peak():
    # Of this program alone: ru_maxrss begins with what the process that called it had reached.
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) // 1024

before = peak()
choice = DataChoice(source="conllu", folder=sys.argv[1], files={"xx": "X"})
piece = SOURCE.describe(choice, "pos", "xx", "test", 10**9)
print(piece.count, peak() - before, peak())
"""


def write_treebank(path: Path, megabytes: int) -> int:
    """A treebank of that size; gives the number of its sentences."""
    row = "{0}\tword{0}\tword{0}\tNOUN\tNN\tNumber=Sing|Case=Nom\t{1}\tdep\t_\tSpaceAfter=No"
    body = "\n".join(row.format(n, n - 1) for n in range(1, 21)) + "\n\n"
    count = megabytes * 1_000_000 // (len(body) + 30) + 1
    with path.open("w") as file:
        for number in range(count):
            file.write(f"# sent_id = s-{number:012d}\n{body}")
    return count


def test_a_large_treebank_is_pinned_without_being_held_in_memory(tmp_path):
    (tmp_path / "X").mkdir()
    count = write_treebank(tmp_path / "X" / "test.conllu", MEGABYTES)
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(tmp_path)], capture_output=True, text=True, check=True
    )
    found, grown, peak = map(int, done.stdout.split())
    assert found == count
    assert grown < ALLOWED_MB
    assert peak < 1000
