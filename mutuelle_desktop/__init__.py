"""Mutuelle Desktop: one's papers and dealings with a complementary health insurer, in order."""

__version__ = "0.1.0"
