"""Tags of the law of the house."""
