"""Derivatives as formulas, printed from the VJPs of the table."""
