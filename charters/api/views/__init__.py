"""The endpoints of charters: one module per subject."""
