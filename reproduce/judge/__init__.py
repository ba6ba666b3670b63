"""The judge: records of finished cells to verdicts; one module per kind of expectation.

Imports nothing heavy: the modules here also define what a claim may expect, which is read
whenever claims are validated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reproduce.judge.judging import judge_claims as judge_claims
    from reproduce.judge.outlook import Prospects as Prospects
    from reproduce.judge.outlook import prospects as prospects
    from reproduce.judge.pilot import Pilot as Pilot
    from reproduce.judge.pilot import pilots as pilots

__all__ = ["Pilot", "Prospects", "judge_claims", "pilots", "prospects"]

_PLACES = {
    "Pilot": "reproduce.judge.pilot",
    "Prospects": "reproduce.judge.outlook",
    "judge_claims": "reproduce.judge.judging",
    "pilots": "reproduce.judge.pilot",
    "prospects": "reproduce.judge.outlook",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
