"""About the program: what it is, what it is made of, what is new."""
