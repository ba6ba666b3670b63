"""The embedded world: a synthetic multilingual corpus with known truth, made from its index."""

from __future__ import annotations

from reproduce.world.languages import SOURCE_LANGUAGE, LanguageProfile
from reproduce.world.world import SPLITS, WORLD_VERSION, World

__all__ = ["SOURCE_LANGUAGE", "SPLITS", "WORLD_VERSION", "LanguageProfile", "World"]
