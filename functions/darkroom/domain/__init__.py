"""What Darkroom knows: jobs, money, models, errors. Standard library only; no clock, no I/O."""
