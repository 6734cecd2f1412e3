"""What is not the ordinary way: modes, restricted profiles, visits from afar."""
