"""Prompts into stored images, on your own AWS account."""
