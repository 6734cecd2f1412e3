"""What a patient allowed one facility to see, and until when."""
