"""Statistics on readings: each module answers one kind of question with a frame or a small frozen result."""
