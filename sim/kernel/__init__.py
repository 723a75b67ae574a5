"""The transition rules: small compiled functions on flat arrays, without names or files."""
