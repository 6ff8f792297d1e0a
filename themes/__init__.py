"""The themes that come with the program."""
