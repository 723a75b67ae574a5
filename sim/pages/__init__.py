"""Pages to be read in a browser: each a template that a summary is put into."""
