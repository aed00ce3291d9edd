"""The procedures of this installation: which versions there are, and which one new cases take."""

from community_api.procedures.service import Standing, adopt, forget, in_force, known, standing, version

__all__ = ["Standing", "adopt", "forget", "in_force", "known", "standing", "version"]
