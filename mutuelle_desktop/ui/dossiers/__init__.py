"""The Dossiers tab."""
