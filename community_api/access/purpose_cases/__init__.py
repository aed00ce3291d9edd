"""Cases: the written reason without which registrars, controllers and overseers read no content."""
