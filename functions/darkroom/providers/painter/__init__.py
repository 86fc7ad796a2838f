"""The painter: an image model that paints prompts locally, without network or provider."""
