"""Results to text: for a terminal, as Markdown, as a page. Nothing here computes a figure."""
