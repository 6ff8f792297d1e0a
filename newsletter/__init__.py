"""Care for the customers you have: newsletters, a public site and merge files from one folder."""
