"""The checks of a start, in their order; each group speaks only when those before it are silent (R-227).

1 login and acting role – 2 the right to start – 3 the member himself – 4 his unfinished transfer – 5 what he
administers – 6 the target – 7 variety and type – 8 the fields, all together – 9 the box – 10 the route. Group 1 is
asked at the door of the service. What each group looks up may be looked up only when its turn has come.
"""

from service.domain.applying import applicants, eligibility, targets
from service.domain.applying.applicants import Candidate
from service.domain.organisations.organisations import Chain
from service.domain.profile import Profile
from service.domain.routes import classification
from service.domain.routes.cases import RouteCase
from service.domain.routes.varieties import OutType, Variety


def check_right(starting: Chain | None, profile: Profile, *, is_incoming: bool = False) -> None:
    """Group 2; refuses E_START_NOT_ALLOWED, E_NO_TRANSFER_PERMISSION."""
    eligibility.check_start_right(starting, profile, is_incoming=is_incoming)


def check_candidate(candidate: Candidate, starting: Chain | None, profile: Profile) -> None:
    """Groups 3 to 5; refuses what `applicants.check_candidate` refuses."""
    applicants.check_candidate(candidate, starting, profile)


def check_destination(case: RouteCase, profile: Profile) -> tuple[Variety, OutType | None]:
    """Groups 6 and 7; return variety and outgoing type. Refuses as `targets.check_target` and `classify`."""
    targets.check_target(case, profile)
    return classify(case, profile)


def classify(case: RouteCase, profile: Profile) -> tuple[Variety, OutType | None]:
    """Group 7 alone, for a target that was checked before.

    Refuses E_VARIETY_MISMATCH, E_SCOPE_REQUIRED, E_OUT_TYPE_MISMATCH, and E_ROUTE_NO_AUTHORITY where an organisation
    that decides about them does not exist.
    """
    variety = classification.derive_variety(case, profile)
    classification.check_variety(case, variety)
    eligibility.check_scope(case, variety, profile)
    return variety, classification.settle_out_type(case, variety, profile)
