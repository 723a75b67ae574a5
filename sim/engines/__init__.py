"""The engines: the Mesa face, which tells one history in full."""
