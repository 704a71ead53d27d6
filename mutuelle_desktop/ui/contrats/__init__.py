"""The Contrats tab."""
