"""Every operation of every dialect, as its description has it and as it has not, against a running
system: no fault, nothing undescribed, nothing of another workspace.
"""
