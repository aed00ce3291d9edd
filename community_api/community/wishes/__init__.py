"""The wish of a member of the public that nothing be passed on: what it binds, and its three exceptions."""
