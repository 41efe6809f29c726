"""What leaders undertook, as their register tells it, and what the KPIs say came of it."""
