"""What `darkroom-admin prove` shows on a real account: each check a function, `table` has all.

A check gives facts, numbers and single words that name no account, or raises NotShown, Disproved,
or any other error.
"""
