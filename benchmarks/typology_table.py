"""Makes the embedded table of syntax from lang2vec's files.

python benchmarks/typology_table.py FOLDER    # which holds `lang2vec` and `glottolog`
"""

from __future__ import annotations

import sys
from pathlib import Path

from reproduce.book import load_setting
from reproduce.data.typology import syntax_table
from reproduce.resources import embedded_checkpoint

codes = [code for name in ("scaled", "paper") for code in load_setting(name).languages]
target = embedded_checkpoint("typology") / "syntax.tsv"
target.write_text(syntax_table(Path(sys.argv[1]), codes), encoding="utf-8")
