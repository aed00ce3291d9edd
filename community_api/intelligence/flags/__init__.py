"""Flags: reasoned requests that a report enter the VERLT path; never a finding, never a score."""
