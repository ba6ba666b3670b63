"""The whole project in a folder of the end-to-end tests, for verification through the program."""

from __future__ import annotations

from tests.end_to_end.conftest import finished, project

__all__ = ["finished", "project"]
