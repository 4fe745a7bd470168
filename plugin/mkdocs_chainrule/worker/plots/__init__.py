"""Matplotlib in a worker: its backend, its figures in words, and their drawing as SVG."""
