"""Receipt computers' files (OQS, YZK, TKK), answered from the rooms."""
