"""Who was shown what, when: a log that shows it when somebody changed it."""
