"""The words both wings speak. Pure: time, nonces and keys are arguments."""
