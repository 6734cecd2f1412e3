"""A reader, the facility it stands in, and which identification is enough there."""

from dataclasses import dataclass, field

from protocol.codes import Method, TerminalProof
from protocol.ids import FacilityCode, KeyId, ReaderId


@dataclass(frozen=True, slots=True)
class Policy:
    """Which assurance is enough. The default accepts no fictitious proof."""

    methods: frozenset[Method] = field(default_factory=lambda: frozenset(Method))
    fictitious_terminal: bool = False
    """Only for demonstrations with virtual cards: it proves nothing."""

    def enough(self, method: Method, proof: TerminalProof) -> bool:
        if method not in self.methods:
            return False
        match proof:
            case TerminalProof.NONE:
                return method is Method.PIN
            case TerminalProof.DESIGNATED:
                return True
            case TerminalProof.FICTITIOUS:
                return self.fictitious_terminal


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader of the fleet, as the authority enrolled it."""

    id: ReaderId
    facility: FacilityCode
    key_id: KeyId
    public_key: bytes
    """SubjectPublicKeyInfo, DER, P-256."""
    certificate_fingerprint: bytes
    """SHA-256 of its client certificate; empty when not told."""
    not_before: int = 0
    not_after: int = 1 << 53
    """When its key may sign, Unix ms."""
    revoked: bool = False
