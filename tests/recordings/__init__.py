"""What an earlier version answered, stored and sent, for the tests of later ones.

`wire/` holds requests of every documented operation with their answers, one file a dialect
(wire.py records and compares them). `upgrade/` holds what lay in the table, the queues and the
bucket, and a folder of `make run` (upgrade.py records it).
"""
