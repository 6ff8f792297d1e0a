"""What each command does, beneath the words of the command line."""
