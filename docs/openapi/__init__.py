"""What each dialect takes and answers, described: `make docs` writes it beside the code."""
