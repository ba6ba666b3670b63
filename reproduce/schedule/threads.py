"""One thread per cell: several spinning OpenMP threads on shared cores are 20 to 40 times slower.

Results would also depend on the number of threads, since it decides the order of summation.
"""

from __future__ import annotations

import os
import sys

_VARIABLES = {
    "OMP_NUM_THREADS": "1",
    "OMP_WAIT_POLICY": "PASSIVE",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def use_one_thread() -> None:
    """Set this process to one thread; works fully only before torch is imported."""
    os.environ.update(_VARIABLES)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
