"""Where ports meet their adapters: one module a function, so that each loads only what it uses."""
