"""A deadline for code in this process, by the alarm of the system's interval timer."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from reproduce.errors import CellError


class TimedOut(CellError):
    """The cell took too long."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise `TimedOut` in the body once its time is over.

    The exception comes at the next line of Python: code that hangs inside an extension is only
    ended where cells have processes of their own, as with `ray`. Outside the main thread signals
    cannot be received, and there is no deadline.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(number: int, frame: FrameType | None) -> None:
        raise TimedOut(f"no result within {seconds:g} s; the cell was interrupted")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if before is None else before)
