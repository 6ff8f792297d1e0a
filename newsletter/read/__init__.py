"""Files → model. The only package that opens the user's files."""
