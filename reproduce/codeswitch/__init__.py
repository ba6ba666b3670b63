"""Code-switching: metrics, generators of mixed sentences, and the check of their constraint."""
