"""The page's Content-Security-Policy: what a browser lets it do, whatever is written in it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence


def content_security_policy(*, styles: Sequence[str], scripts: Sequence[str] = ()) -> str:
    """A policy under which only our own inline styles and scripts count, named by their hashes.

    Nothing is loaded from anywhere, and nothing can be sent. Hashes are taken of what we wrote,
    never of the rendered page: a script that got into it by a mistake of ours must not be blessed.

    Args:
        styles: the exact text of every `style` element.
        scripts: the exact text of every `script` element.
    """
    rules = {
        "default-src": ["'none'"],
        "style-src": [_hash(text) for text in styles] or ["'none'"],
        # Bars are as wide as their share says; an attribute can neither load nor run anything here.
        "style-src-attr": ["'unsafe-inline'"],
        "script-src": [_hash(text) for text in scripts] or ["'none'"],
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
