"""The law of the house: regulations, clauses, cited parameters, findings."""
