"""Templates that a user brings: run in Jinja2's sandbox, and their mistakes told plainly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reproduce.errors import UserError

if TYPE_CHECKING:
    from jinja2 import Environment


def sandboxed() -> type[Environment]:
    """An environment whose templates can neither reach Python's internals nor change what they get.

    It bounds what a template can do, not how long it takes: a template may loop for hours.
    """
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment


def check_folder(templates: Path) -> Path:
    """The folder itself.

    Raises:
        UserError: it is not one.
    """
    if not templates.is_dir():
        raise UserError(
            "there is no such folder of templates",
            where=f"--templates {templates}",
            next_step="copy what you want to change from the folder templates/ of the project",
        )
    return templates


@contextmanager
def told(templates: Path | None) -> Iterator[None]:
    """Turns what goes wrong in a user's templates into an error that says where."""
    from jinja2.exceptions import SecurityError

    try:
        yield
    except UserError:
        raise
    except Exception as error:  # a template may divide by zero, or anything else
        if templates is None:
            raise  # ours are wrong: a bug
        place = getattr(error, "filename", None) or getattr(error, "name", None)
        line = getattr(error, "lineno", None)
        where = f"{place or templates}:{line}" if line else str(place or templates)
        forbidden = isinstance(error, SecurityError)
        raise UserError(
            f"the template failed: {error}",
            where=where,
            allowed="what Jinja2's sandbox permits" if forbidden else "",
            next_step="mend the template, or leave --templates out",
        ) from error
