"""Staff of a facility: accounts, two factors (OQSCD041/042), sessions."""
