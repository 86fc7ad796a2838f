"""Every AWS call of a history fails in every way we know; afterwards all must add up.

`python -m tests.crash` runs it all; docs/crash-proof.md says what it proves and what it does not.
"""
