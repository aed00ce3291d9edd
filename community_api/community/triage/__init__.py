"""The desk of a team: what came in, what happens with it, what belongs together, how it ends."""
