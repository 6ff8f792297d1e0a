"""What we know of each customer, as columns. One file per source."""
