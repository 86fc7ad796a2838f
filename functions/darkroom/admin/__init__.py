"""`darkroom-admin`, the operator's command. It runs on the operator's machine, never in Lambda."""
