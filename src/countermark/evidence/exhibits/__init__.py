"""What the reports on pictures and on recordings share: finds that are judged one by one, and shown."""
