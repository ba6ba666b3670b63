"""The nouns of the project: frozen types without behaviour that import nothing above them."""
