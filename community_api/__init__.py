"""The community policing API: intake, procedure, feedback and control."""
