"""Who asks, as far as a request is concerned: a value."""

from dataclasses import dataclass, field

from hub.rights import NEEDS_NO_GRANT, Grant, Reach, Right, Role, may, reaches


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, or nobody.

    Attributes:
        name: of the account, screen or program; empty for nobody known.
        account: its id; empty for who has none.
        proof: of the session, link or key.
        is_half: the second factor is still to come: nothing is granted yet.
    """

    name: str = ""
    account: str = ""
    proof: str = field(default="", repr=False)
    grants: tuple[Grant, ...] = ()
    is_half: bool = False

    def may(self, right: Right, thing: Reach) -> bool:
        """Whether they may do it to a thing."""
        return may(self.grants, right, thing)

    def may_somewhere(self, right: Right) -> bool:
        """Whether they may do it to anything at all."""
        if right is Right.SIGNED_IN:
            return bool(self.account) and not self.is_half
        return right in NEEDS_NO_GRANT or bool(reaches(self.grants, right))

    def reaches(self, right: Right) -> frozenset[Reach]:
        """Where they may do it."""
        return reaches(self.grants, right)


NOBODY = Who()
NEARBY = Who(grants=(Grant(Role.NEARBY),))
