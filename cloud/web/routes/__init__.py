"""What each room offers over HTTP: a file a room, a function that returns routes."""
