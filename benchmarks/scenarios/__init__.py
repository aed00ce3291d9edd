"""What is measured, one scenario a module: each gives sections of figures."""
