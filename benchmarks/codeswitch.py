"""Speed of the generators of mixed sentences, one core: `python benchmarks/codeswitch.py`.

Wanted: 10,000 sentences a minute by dictionary and insertion, 2,000 by the equivalence constraint.
"""

from __future__ import annotations

import time

from reproduce.codeswitch.check import violations
from reproduce.codeswitch.generate import METHODS, generate, mixer
from reproduce.codeswitch.source import bitext, world_dictionary

SENTENCES = 2000
WANTED = {"dictionary": 10_000, "insertion": 10_000, "ec": 2_000, "random": 0}


def main() -> None:
    """Print sentences a minute, the switch-point fraction reached, and broken constraints."""
    for pair in ("ava--ost", "ava--kyr"):
        first, second = pair.split("--")
        bitexts = [bitext(pair, "train", i) for i in range(4 * SENTENCES)]
        for method in METHODS:
            mix = mixer(method, world_dictionary(first, second))
            start = time.process_time()
            made = generate(bitexts, mix, count=SENTENCES, targets=(0.1, 0.2, 0.3))
            rate = 60 * len(made.sentences) / (time.process_time() - start)
            broken = sum(bool(violations(m)) for m in made.sentences) if method == "ec" else 0
            print(  # noqa: T201
                f"{pair} {method:10} {rate:9,.0f} a minute (wanted {WANTED[method]:6,}); "
                f"{made.note()}; {broken} break the constraint"
            )


if __name__ == "__main__":
    main()
