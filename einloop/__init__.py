"""einloop: explicit nested loops for any einsum expression, proven against np.einsum."""

__version__ = "0.1.0"
