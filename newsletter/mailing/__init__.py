"""What goes out, in which words and to whom: of the issue and of every practice alike."""
