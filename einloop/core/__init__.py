"""The nouns that every room shares: frozen values and pure functions, standard library only."""
