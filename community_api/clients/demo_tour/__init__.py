"""The walk: the whole main job played through real HTTP and told to a newcomer."""
