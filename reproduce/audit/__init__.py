"""Checks of citations and printed numbers that need no training."""

from __future__ import annotations

from reproduce.audit.audit import KINDS, audit
from reproduce.audit.finding import Finding, Result

__all__ = ["KINDS", "Finding", "Result", "audit"]
