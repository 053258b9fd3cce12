"""Runs loops and np.einsum on inputs that can tell a wrong answer. Makes no loops; is given what it runs.

`verifier` proves einloop's own text and `source` a person's, both with numpy; `cases` chooses inputs without it.
"""
