"""Tables of customers, orders and the like, as real programs write them."""
