"""The story of a programme that is entered at the award: plan, signing desk, vouchers, endings."""
