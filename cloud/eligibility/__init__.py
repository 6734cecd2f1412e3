"""Is this person insured on a day, by whom, and if not, why not."""
