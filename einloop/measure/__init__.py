"""Measuring: calls in, times in interleaved rounds out, with the peaks of the machine beside them. Prints nothing."""
