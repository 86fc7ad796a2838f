"""Things that stand in a picture, each drawn in its own local frame."""
