"""The Python face: strings and plain values in, values of core/ out. Thin: turns arguments into Options."""
