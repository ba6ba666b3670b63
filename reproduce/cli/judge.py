"""`reproduce judge`: judge what is stored again, without training."""

from __future__ import annotations

import typer

from reproduce.cli.options import (
    DEFAULT_STORE,
    AsJson,
    BookPaths,
    DataFolder,
    Overrides,
    SettingName,
    StorePlace,
    book_paths,
)


def command(
    paths: BookPaths = None,
    setting: SettingName = "world",
    set_: Overrides = None,
    data: DataFolder = None,
    store: StorePlace = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Judge the claims again from the stored statistics of every sentence; nothing is trained."""
    from reproduce.cli.execution import tell
    from reproduce.cli.request import build_request
    from reproduce.session import prepare, rejudge

    request = build_request(book_paths(paths), setting, set_ or [], store, data)
    result = rejudge(prepare(request))
    status = tell(result, as_json=as_json)
    request.store.settle()
    raise typer.Exit(status)
