"""What the cloud sustains, beside references measured in the same run."""
