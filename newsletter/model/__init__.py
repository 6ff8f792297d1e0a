"""The vocabulary: values and table schemas. It reads no files and no clock."""
