"""The window of the settings: sections, rows, what each row says, and moving the data."""
