"""What `darkroom-admin doctor` looks at: a module a subject, and `checks` with all of them."""
