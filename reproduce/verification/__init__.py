"""Verification: run what is due, compare with what is accepted, and tell continuous integration."""

from reproduce.verification.baseline import BASELINE, accept, load_baseline, save_baseline
from reproduce.verification.comparison import Change, compare
from reproduce.verification.policy import Decision, Policy, Ruling, decide
from reproduce.verification.quarantine import QUARANTINE, Quarantine, load_quarantine
from reproduce.verification.verify import SHARE, Verification, Watch, verify

__all__ = [
    "BASELINE",
    "QUARANTINE",
    "SHARE",
    "Change",
    "Decision",
    "Policy",
    "Quarantine",
    "Ruling",
    "Verification",
    "Watch",
    "accept",
    "compare",
    "decide",
    "load_baseline",
    "load_quarantine",
    "save_baseline",
    "verify",
]
