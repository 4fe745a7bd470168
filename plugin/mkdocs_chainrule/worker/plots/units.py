"""The unit in which figures are drawn: the pixel of a page, so that all is as large as in a saved figure."""

INCH = 96
POINT = INCH / 72  # Matplotlib's unit of widths and fonts
