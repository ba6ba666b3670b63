"""Statistics over plain arrays; knows nothing of claims, and imports scipy only when called."""
