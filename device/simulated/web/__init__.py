"""The simulated reader in a browser: its page, and the HTTP interface it plays on."""

from device.simulated.web.app import application, serving

__all__ = ["application", "serving"]
