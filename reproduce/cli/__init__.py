"""The command line: one module per verb, loaded when the verb is called.

A module holds either a function `command` with typer's annotations, or a typer sub-app `app`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Verb(NamedTuple):
    """Where a verb lives and what it does; a module that is absent is not listed."""

    module: str
    help: str


VERBS: dict[str, Verb] = {
    "run": Verb("reproduce.cli.run", "Train and evaluate what the claims need, and judge them."),
    "report": Verb("reproduce.cli.report", "Render the evidence of a run."),
    "plan": Verb("reproduce.cli.plan", "Say what a run would do, cost and be able to conclude."),
    "judge": Verb("reproduce.cli.judge", "Judge stored records again, without training."),
    "extend": Verb("reproduce.cli.extend", "Add seeds to a claim that is undecided."),
    "verify": Verb("reproduce.cli.verify", "Run what is due, judge and compare; for every night."),
    "accept": Verb("reproduce.cli.accept", "Accept the verdicts of the latest night."),
    "history": Verb("reproduce.cli.history", "List how a claim moved over the nights."),
    "diff": Verb("reproduce.cli.diff", "Compare two runs side by side."),
    "validate": Verb("reproduce.cli.validate", "Check claims and settings; list all problems."),
    "show": Verb("reproduce.cli.show", "Show one claim as a person reads it."),
    "list": Verb("reproduce.cli.list_", "List the claims of a book."),
    "schema": Verb("reproduce.cli.schema", "Print the JSON Schema of a kind of file."),
    "extract": Verb("reproduce.cli.extract", "Draft claims from a document's table of claims."),
    "audit": Verb("reproduce.cli.audit", "Check citations and printed numbers, without training."),
    "init": Verb("reproduce.cli.init", "Lay down claims and an example setting to edit."),
    "data": Verb("reproduce.cli.data", "Say what a setting's corpora hold and what is missing."),
    "fetch": Verb("reproduce.cli.fetch", "Download what a setting needs from the hub."),
    "doctor": Verb("reproduce.cli.doctor", "Say what this machine has and what is missing."),
    "selftest": Verb("reproduce.cli.selftest", "Test the judge on simulated truths."),
    "world": Verb("reproduce.cli.world", "Look at the embedded world and check it."),
    "codeswitch": Verb("reproduce.cli.codeswitch", "Make mixed sentences; profile a mixed corpus."),
    "pretrain": Verb("reproduce.cli.pretrain", "Make an embedded checkpoint again from its seed."),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program and leave with its exit status."""
    from reproduce.cli.app import program

    program(VERBS).main(
        args=list(arguments) if arguments is not None else None, prog_name="reproduce"
    )


__all__ = ["VERBS", "Verb", "main"]
