"""Treatments that turn a finished picture into watercolour, oil, ink and the like."""
