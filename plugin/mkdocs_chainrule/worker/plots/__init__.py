"""Figures of Matplotlib: drawn as SVG, and in words."""
