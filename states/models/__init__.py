from .groups import Group, Membership
from .instruments import Commitment, Instrument, ReportedCount
from .state import State, StateName

__all__ = ["Commitment", "Group", "Instrument", "Membership", "ReportedCount", "State", "StateName"]
