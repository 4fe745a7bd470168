"""`python -m benchmarks`."""

from benchmarks.threads import one_thread

one_thread()  # before anything imports NumPy

from benchmarks.cli import main

main(prog_name="python -m benchmarks")
