"""`reproduce` turns the claims of a paper into experiments that run and judges each of them."""

__version__ = "0.1.0"

__all__ = ["__version__"]
