"""The doors: an AWS event in, one use case, an AWS answer out."""
