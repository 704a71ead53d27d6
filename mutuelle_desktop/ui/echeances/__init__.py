"""The Échéances tab: month and agenda, why each date, decisions, rules."""
