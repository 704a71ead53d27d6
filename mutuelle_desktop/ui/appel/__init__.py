"""The call window: before, during and after a call to the mutuelle."""
