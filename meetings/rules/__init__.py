"""How meetings are held and votes counted: facts and the law in, findings out."""
