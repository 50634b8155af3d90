"""Shapes of charters: one module per subject."""
