"""`reproduce data`: what the corpora of a setting hold, and what is missing."""

from __future__ import annotations

from dataclasses import asdict

import typer

from reproduce.cli.options import AsJson, DataFolder, Overrides, SettingName


def command(
    setting: SettingName = "scaled",
    data: DataFolder = None,
    set_: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Read every corpus as a run would: examples, duplicates of training data, what is missing.

    Exit status 2 if one cannot be read.
    """
    from reproduce.book import load_setting
    from reproduce.cli.exit_status import ExitStatus
    from reproduce.cli.output import columns, counted, echo_json
    from reproduce.corpora import corpora, manifest, missing
    from reproduce.data.typology import check_families
    from reproduce.fetch import absent as absent_of_hub
    from reproduce.fetch import unfetched

    chosen = load_setting(setting, overrides=set_ or [], data=data)
    chosen = chosen.model_copy(update={"checkpoint": ""})  # corpora alone are asked about
    fetched = {t: c for t, c in chosen.tasks.items() if unfetched(chosen, [t]) is None}
    absent = missing(manifest(chosen.name), data) if data is not None else manifest(chosen.name)
    here = chosen.model_copy(update={"tasks": fetched})
    found = list(corpora(here)) if data is not None or not absent else []
    typology = data / "typology" if data is not None else None
    families = {code: info.family for code, info in chosen.languages.items()}
    other = check_families(typology, families) if typology and typology.is_dir() else []
    status = ExitStatus.USER_ERROR if any(corpus.problem for corpus in found) else ExitStatus.DONE
    if as_json:
        echo_json(
            {
                "setting": chosen.name,
                "corpora": [asdict(corpus) for corpus in found],
                "missing": [asdict(entry) for entry in absent],
                "not_fetched": absent_of_hub(chosen),
                "families": other,
            }
        )
        raise typer.Exit(status)
    rows = [
        [
            corpus.task,
            corpus.language,
            *(str(corpus.counts.get(split, "")) for split in ("train", "dev", "test")),
            ", ".join(f"{number} in {split}" for split, number in corpus.duplicates.items()),
        ]
        for corpus in found
        if corpus.counts
    ]
    if rows:
        header = ["task", "language", "train", "dev", "test", "also in the training data"]
        typer.echo(columns(header, rows))
    for corpus in found:
        if corpus.problem:
            typer.echo(f"\n{corpus.task} {corpus.language}: {corpus.problem}")
    if (not_fetched := unfetched(chosen, tuple(chosen.tasks))) is not None:
        typer.echo(f"\n{not_fetched}")
    if other:
        typer.echo("\nFamilies that differ from Glottolog's (typology/glottolog):")
        for line in other:
            typer.echo(f"  {line}")
    if absent:
        size = sum(entry.size for entry in absent) / 1e6
        typer.echo(f"\n{counted(len(absent), 'file')} of the manifest missing, {size:.0f} MB:")
        for entry in absent:
            where = f"github.com/{entry.repository} at {entry.commit[:12]}"
            typer.echo(f"  {entry.path}: {where}; {entry.licence}")
    raise typer.Exit(status)
