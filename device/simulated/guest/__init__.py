"""A visitor of the demo plays a patient with a face of their own."""
