"""What the words mean: values and table schemas. No files, no clock."""
