"""What an expression means, costs and hides: a Spec in, sections of a Report out. Writes no human language."""
