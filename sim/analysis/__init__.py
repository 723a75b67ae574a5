"""Numbers and reasons drawn from histories; nothing here draws or reads files."""
