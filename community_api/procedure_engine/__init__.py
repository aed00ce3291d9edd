"""Procedure packs: a nation's procedure as declared, versioned, checked data, and the engine that runs it.

Nothing here knows HTTP, the database, the clock or another part of the product; the only thing read
from outside is a pack file. `pack` and `state` are the nouns, `engine` and `flags` the verbs,
`shelf` finds packs, `checking` judges one for an author.
"""
