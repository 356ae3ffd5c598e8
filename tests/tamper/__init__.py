"""What a superuser of the database may do, and whether it is found and named (C-15)."""
