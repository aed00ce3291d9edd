"""The pages for people who come by browser, and the files that these pages load."""
