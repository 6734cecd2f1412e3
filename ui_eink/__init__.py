"""The pictures: a View in, a 1-bit image out. Pillow only; knows nothing else."""
