"""The door of the goals service: HTTP in, commands to the rules, their answer out."""
