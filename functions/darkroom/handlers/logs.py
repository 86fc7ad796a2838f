"""One logger a function, for its own lines and for those of everything below the doors."""

from __future__ import annotations

import logging

from aws_lambda_powertools import Logger

from darkroom.settings import function_version


def function_logger(service: str, level: str) -> Logger:
    logger = Logger(service=service, level=level)
    # An alarm counts by it what a new version answers beside the one before.
    logger.append_keys(version=function_version() or None)
    # What use cases and adapters log with the standard library becomes JSON, too, with its fields;
    # Lambda's own handler would print the text alone, and nothing below a warning.
    below = logging.getLogger("darkroom")
    below.handlers = [logger.registered_handler]
    below.setLevel(level)
    below.propagate = False
    return logger
