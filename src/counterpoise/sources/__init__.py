"""Build time only: provider bytes to tidy tables. Nothing at run time imports this package."""
