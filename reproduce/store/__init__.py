"""The store: records, their run logs and the manifests of runs, in one folder or behind a URL."""

from reproduce.store.envelope import CorruptRecord
from reproduce.store.folder import Quarantined, Store
from reproduce.store.location import open_store

__all__ = ["CorruptRecord", "Quarantined", "Store", "open_store"]
