"""The Aujourd'hui tab."""
