"""The procedures in force, shown to those who work by them."""
