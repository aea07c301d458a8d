"""Panel and record to figures: power, binding, directedness, consensus."""
