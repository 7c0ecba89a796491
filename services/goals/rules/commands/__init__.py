"""What can be asked of a record; named as in DOMAIN's events, None where the caller gave nothing."""

from services.goals.rules.commands.client import ClientCommand
from services.goals.rules.commands.clinic import ClinicCommand
from services.goals.rules.commands.goal import GoalCommand
from services.goals.rules.commands.win import WinCommand

RecordCommand = ClientCommand | GoalCommand | WinCommand
"""Of a client's."""
Command = ClinicCommand | RecordCommand
