"""What the user must fix: one line, exit code 2. All else that goes wrong is data or a bug."""


class UserError(Exception):
    """A message for the user: what happened, where, and what to do."""


class UsageError(UserError):
    """An option or argument that makes no sense."""


class InputError(UserError):
    """An input that cannot be used: missing, not permitted, nothing readable in it."""


class OutputError(UserError):
    """An output that cannot be written: it exists, it is not permitted, the disk is full."""
