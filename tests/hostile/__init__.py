"""Images that somebody made to do harm, or that came out of a broken program."""
