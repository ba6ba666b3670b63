"""Encoders and what stands on them: checkpoints, fusion modules, heads, the classifier."""
