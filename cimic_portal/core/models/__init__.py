"""The nouns of core. Import them from here."""

from .address import FormOfAddress
from .area import Area, AreaBoundary
from .area_finder import area_at, areas_at
from .attachment import Attachment
from .document import Document, DocumentGroupGrant, DocumentPersonGrant, DocumentSource, DocumentState
from .factor import SecondFactor
from .glass import BrokenGlass
from .mark import ComponentMark, Shape, Tint
from .notification import Notification
from .office import Office
from .organisation import Organisation, OrganisationKind
from .outbox import OutboxEntry, OutboxState
from .person import GroupMembership, Person, SharingGroup
from .place import Place, PlaceKind
from .position import Delegation, Holding, Membership, Position
from .proposal import Proposal, ProposalKind, ProposalState
from .readentry import ReadEntry
from .retention import Forgotten, RetentionDecision, RetentionRules
from .savedfilter import SavedFilter
from .streamevent import StreamEvent
from .token import ApiToken, Scope
from .trailseal import ForgottenRow, TrailSeal, TrailSealPart

__all__ = [
    "ApiToken",
    "Area",
    "AreaBoundary",
    "Attachment",
    "BrokenGlass",
    "ComponentMark",
    "Delegation",
    "Document",
    "DocumentGroupGrant",
    "DocumentPersonGrant",
    "DocumentSource",
    "DocumentState",
    "Forgotten",
    "ForgottenRow",
    "FormOfAddress",
    "GroupMembership",
    "Holding",
    "Membership",
    "Notification",
    "Office",
    "Organisation",
    "OrganisationKind",
    "OutboxEntry",
    "OutboxState",
    "Person",
    "Place",
    "PlaceKind",
    "Position",
    "Proposal",
    "ProposalKind",
    "ProposalState",
    "ReadEntry",
    "RetentionDecision",
    "RetentionRules",
    "SavedFilter",
    "Scope",
    "SecondFactor",
    "Shape",
    "SharingGroup",
    "StreamEvent",
    "Tint",
    "TrailSeal",
    "TrailSealPart",
    "area_at",
    "areas_at",
]
