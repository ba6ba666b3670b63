"""The frame of the program: finds verbs lazily, and turns every ending into an exit status."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from reproduce import __version__
from reproduce.cli.exit_status import MEANINGS, ExitStatus
from reproduce.errors import SpecErrors, UserError

if TYPE_CHECKING:
    from reproduce.cli import Verb

_HELP = """Turn the claims of a paper into experiments, and say of each whether it holds.

Start with: reproduce run claims/best_layer.yaml"""
# The machine, not the program, is at fault: told like any other thing that the user can mend.
_USER_ERRNOS = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EFBIG,
    errno.ENAMETOOLONG,
    errno.ENOTDIR,
    errno.EISDIR,
}


class VerbGroup(TyperGroup):
    """The root command: knows its verbs by name and imports one when it is called."""

    verbs: Mapping[str, Verb] = {}
    arguments: Sequence[str] = ()

    # typer 0.25 replaced click by a private copy, so the types of its context are not public.
    def list_commands(self, ctx: Any) -> list[str]:
        """The verbs whose modules are there, in the order of the table."""
        return [name for name, verb in self.verbs.items() if find_spec(verb.module)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import one verb; None if there is no such verb."""
        if cmd_name not in self.list_commands(ctx):
            return None
        return _load(cmd_name, self.verbs[cmd_name])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the verb, with a suggestion for a mistyped one."""
        known = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in known:
            ctx.fail(_unknown_verb(args[0], known))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the verbs from the table, so that help imports none of them."""
        rows = [(name, self.verbs[name].help) for name in self.list_commands(ctx)]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the exit statuses."""
        with formatter.section("Exit status"):
            formatter.write_dl([(str(int(status)), text) for status, text in MEANINGS.items()])

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep the arguments as given: an error has to know whether JSON was asked for."""
        self.arguments = tuple(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the verb; every way in which it can end has its exit status here."""
        try:
            with _told_to_end():
                result = super().invoke(ctx)
            sys.stdout.flush()
        except UserError as error:
            _leave_with_user_error(error, as_json="--json" in self.arguments)
        except (KeyboardInterrupt, typer.Abort):
            typer.echo("Interrupted. What is finished is stored; run it again to go on.", err=True)
            raise typer.Exit(ExitStatus.INTERRUPTED) from None
        except BrokenPipeError:
            _leave_quietly()
        except Exception as error:
            if hasattr(error, "exit_code"):  # typer's own: a wrong option, or a verb that is done
                raise
            if isinstance(error, OSError) and error.errno in _USER_ERRNOS:
                _leave_with_user_error(_told(error), as_json="--json" in self.arguments)
            _leave_with_bug(error, as_json="--json" in self.arguments)
        return result


@contextmanager
def _told_to_end() -> Iterator[None]:
    """SIGTERM ends a verb as Ctrl-C does, also before and after the cells."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        # A handler that was not set from Python is None and cannot be put back.
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)


def program(verbs: Mapping[str, Verb]) -> VerbGroup:
    """The root command over a table of verbs."""
    root = typer.Typer(
        cls=VerbGroup,
        rich_markup_mode=None,  # rich costs 0.1 s, and plain help reads well everywhere
        add_completion=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    root.callback(help=_HELP)(_root)
    group = get_command(root)
    assert isinstance(group, VerbGroup)
    group.verbs = verbs
    return group


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"reproduce {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


def _load(name: str, verb: Verb) -> Any:
    module = import_module(verb.module)
    settings = {"help_option_names": ["-h", "--help"]}
    if hasattr(module, "app"):
        app: typer.Typer = module.app
        app.rich_markup_mode = None
        app.info.context_settings = settings
    else:
        app = typer.Typer(rich_markup_mode=None, add_completion=False, context_settings=settings)
        app.command(name, short_help=verb.help, context_settings=settings)(module.command)
    command = get_command(app)
    command.name = name
    return command


def _unknown_verb(name: str, known: list[str]) -> str:
    from reproduce.registry import nearest

    close = nearest(name, known)
    guess = f" Did you mean {close!r}?" if close else ""
    return f"There is no command {name!r}.{guess}"


def _told(error: OSError) -> UserError:
    return UserError(
        error.strerror or str(error),
        where=str(error.filename) if error.filename else "",
        next_step="choose a place that you can read and write, or free some space",
    )


def _leave_with_user_error(error: UserError, *, as_json: bool) -> NoReturn:
    typer.echo(error.text(), err=True)
    if isinstance(error, SpecErrors):
        from reproduce.cli.output import counted

        typer.echo(f"{counted(len(error.problems), 'problem')} found.", err=True)
    if as_json:
        _echo_json_error(error, ExitStatus.USER_ERROR)
    raise typer.Exit(ExitStatus.USER_ERROR) from None


def _leave_with_bug(error: Exception, *, as_json: bool) -> NoReturn:
    typer.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    typer.echo(f"This is a bug in reproduce {__version__}, not in your input.", err=True)
    typer.echo("  next: report it with the lines above and the command you typed", err=True)
    if as_json:
        _echo_json_error(error, ExitStatus.FAILED)
    raise typer.Exit(ExitStatus.FAILED) from None


def _echo_json_error(error: Exception, status: ExitStatus) -> None:
    from reproduce.cli.output import echo_json, error_as_json

    echo_json(error_as_json(error, status))


def _leave_quietly() -> NoReturn:
    # The interpreter flushes stdout once more when it ends, and would complain then.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(ExitStatus.READER_LEFT) from None
