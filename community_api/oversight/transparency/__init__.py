"""What everybody may know: by which list and procedure the police works, and how often."""
