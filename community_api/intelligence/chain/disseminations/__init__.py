"""What a unit was given: giving it up when it is taken back, confirming what has changed in it."""
