"""The catalogue's lines, one file per letter. protocol/catalogue.py joins them."""
