"""Ctrl-C and SIGTERM end a call cleanly: both become a `KeyboardInterrupt` of the main thread."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

_Handler = Callable[[int, FrameType | None], object] | int | None

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible() -> Iterator[None]:
    """Within the body both signals raise `KeyboardInterrupt`; in other threads nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _interrupt) for number in _SIGNALS}
    try:
        yield
    finally:
        _restore(before)


@contextmanager
def uninterruptible() -> Iterator[None]:
    """Within the body, which must be short, both signals are ignored: it cleans up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _SIGNALS}
    try:
        yield
    finally:
        _restore(before)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _restore(handlers: Mapping[signal.Signals, _Handler]) -> None:
    for number, handler in handlers.items():
        # A handler that was not set from Python is None and cannot be put back.
        signal.signal(number, signal.SIG_DFL if handler is None else handler)
