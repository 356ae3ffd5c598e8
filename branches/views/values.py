"""Values that one committee sets for its own subtree: the list, and one value."""
