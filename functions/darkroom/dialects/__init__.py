"""The public wire shapes: each reads requests into operations and writes outcomes into replies."""
