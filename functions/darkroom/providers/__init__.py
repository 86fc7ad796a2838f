"""The upstreams: an adapter each, without I/O, and the one sender that does it for all."""
