"""Tools that people run to set readers and clouds up."""
