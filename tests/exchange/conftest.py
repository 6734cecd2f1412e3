"""The real interface behind a real handshake (tests/cloud/test_api_tls.py)."""

from tests.cloud.test_api_tls import https

__all__ = ["https"]
