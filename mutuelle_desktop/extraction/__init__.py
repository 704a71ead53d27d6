"""From bytes to facts: sniffing, text with boxes, OCR, page images; no database, no Qt."""
