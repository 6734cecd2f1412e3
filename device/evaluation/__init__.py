"""Measuring a model pack on pairs of pictures: device/evaluation/README.md."""
