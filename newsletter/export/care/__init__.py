"""What people carry out: pages, lists, letters, calendars and messages of the care plan."""
