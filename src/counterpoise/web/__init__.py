"""The dashboard: it reads results and shows them; every page has a .json twin."""
