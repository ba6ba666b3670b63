"""Probing: what the layers of a frozen encoder hold, layer by layer."""
