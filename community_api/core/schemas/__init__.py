"""Fields and validators of bodies, and the fast path beside marshmallow."""
