"""Training: `fit`, what it steps through and what it leaves."""
