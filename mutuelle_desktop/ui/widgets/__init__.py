"""Generic widgets that know no word of the field."""
