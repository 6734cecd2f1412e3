"""A busy machine is not a failed property: examples have no time limit."""

from hypothesis import settings

settings.register_profile("wire", deadline=None)
settings.load_profile("wire")
