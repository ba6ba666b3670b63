"""The store: records, their run logs and the manifests of runs, as files in one folder."""

from reproduce.store.envelope import CorruptRecord
from reproduce.store.folder import Quarantined, Store

__all__ = ["CorruptRecord", "Quarantined", "Store"]
