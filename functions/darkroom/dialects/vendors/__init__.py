"""The APIs of vendors: a package each, which knows no other."""
