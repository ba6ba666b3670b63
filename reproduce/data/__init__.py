"""Readers of annotated files; each is one file and yields the nouns of `nouns/sentence.py`."""
