"""Hypothesis without a deadline: the oracles are slow on a busy machine, which proves nothing."""

from hypothesis import settings

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
