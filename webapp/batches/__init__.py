"""Many changes as one: proposed, checked, shown, applied, taken back."""
