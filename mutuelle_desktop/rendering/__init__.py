"""From facts to paper: assembled PDFs, later letters and agendas; no database, no Qt."""
