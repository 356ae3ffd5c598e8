"""Commands that span the house."""
