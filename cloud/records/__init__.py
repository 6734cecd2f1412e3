"""What a person was given and found to have; read only under a living consent."""
