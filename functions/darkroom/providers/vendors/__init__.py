"""The upstreams, a module each. None does I/O, and none knows another."""
