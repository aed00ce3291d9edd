"""What an administrator sees of the running product: depths, versions, codes and opaque ids; no content."""
