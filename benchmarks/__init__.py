"""Figures: Chainrule beside its peers, as ratios measured in turn in one run (`python -m benchmarks`)."""
