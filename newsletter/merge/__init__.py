"""Message template × customers → messages, fast."""
