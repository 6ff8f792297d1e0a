"""Tables of any program: bytes → text cells with line numbers → typed columns."""
