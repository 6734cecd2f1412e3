"""What must reach the cloud, and what comes back."""
