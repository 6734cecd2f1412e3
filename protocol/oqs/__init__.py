"""The files that receipt computers exchange with オンライン資格確認. Pure."""
