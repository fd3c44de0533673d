"""What schemas/README.md defines and every other room speaks; it imports only `errors`."""
