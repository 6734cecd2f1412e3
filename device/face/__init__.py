"""What a camera picture says about a face: pure decisions, no camera and no runtime."""
