"""Whole stories of the examples, played through the API alone."""
