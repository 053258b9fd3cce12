"""Measures calls in interleaved rounds, and the peaks of the machine. Prints nothing."""
