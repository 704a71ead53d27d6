"""The checklists of an exchange and of a dossier."""
