"""Contracts: exact checks of the encoder and the fusion modules against what a paper describes.

A check says whether our own code is what a sentence describes; it is no finding about the paper.
`reproduce.nouns.contract.CHECKS` names them all.
"""
