"""Places and how they are composed, from the sky down to the foreground."""
