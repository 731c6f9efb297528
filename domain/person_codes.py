"""The closed lists of a person's record. Where HTCDS v2.0 has a list, ours holds the same choices (domain/htcds.py)."""

from enum import StrEnum


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Gender(StrEnum):
    """As the person says it; nobody is asked to."""

    FEMININE = "feminine"
    MASCULINE = "masculine"
    TRANSGENDER_FEMININE = "transgender_feminine"
    TRANSGENDER_MASCULINE = "transgender_masculine"
    NON_CONFORMING = "non_conforming"
    NOT_SPECIFIED = "not_specified"


class MaritalStatus(StrEnum):
    """By the person's own account: a marriage that was forced is told in `exploitation`, not here."""

    SINGLE = "single"
    MARRIED = "married"
    WIDOWED = "widowed"
    DIVORCED = "divorced"
    SEPARATED = "separated"
    REGISTERED_PARTNERSHIP = "registered_partnership"


class Education(StrEnum):
    """The nine levels of ISCED 2011."""

    EARLY_CHILDHOOD = "early_childhood"
    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"
    POST_SECONDARY = "post_secondary"
    SHORT_CYCLE_TERTIARY = "short_cycle_tertiary"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTORAL = "doctoral"


class Paper(StrEnum):
    """What the person holds themselves; a paper that others hold back is a method of control."""

    IDENTITY_CARD = "identity_card"
    HOUSEHOLD_REGISTER = "household_register"
    BIRTH_CERTIFICATE = "birth_certificate"
    PASSPORT = "passport"
    RESIDENCE_PERMIT = "residence_permit"
    OTHER = "other"


class StayRequest(StrEnum):
    """What the person themselves asks for (Art. 47)."""

    RETURN = "return"
    STAY = "stay"
    ANOTHER_COUNTRY = "another_country"
    UNDECIDED = "undecided"


class Act(StrEnum):
    """Palermo Protocol, Art. 3 (a)."""

    RECRUITMENT = "recruitment"
    TRANSPORT = "transport"
    TRANSFER = "transfer"
    HARBOURING = "harbouring"
    RECEIPT = "receipt"


class Means(StrEnum):
    """Palermo Protocol, Art. 3 (a); under 18 none is needed, and consent never matters where one was used."""

    FORCE_OR_THREAT = "force_or_threat"
    COERCION = "coercion"
    ABDUCTION = "abduction"
    FRAUD = "fraud"
    DECEPTION = "deception"
    ABUSE_OF_POWER = "abuse_of_power"
    ABUSE_OF_VULNERABILITY = "abuse_of_vulnerability"
    PAYMENTS = "payments"


class ExploitationPurpose(StrEnum):
    """Palermo Protocol, Art. 3 (a). Chinese Criminal Code 240 asks for sale: `domestic_offence_reference` stands beside it."""

    SEXUAL_EXPLOITATION = "sexual_exploitation"
    FORCED_LABOUR = "forced_labour"
    SLAVERY_LIKE = "slavery_like"
    SERVITUDE = "servitude"
    ORGAN_REMOVAL = "organ_removal"


class ExploitationType(StrEnum):
    FORCED_LABOUR = "forced_labour"
    SEXUAL_EXPLOITATION = "sexual_exploitation"
    CHILD_LABOUR = "child_labour"
    FORCED_MARRIAGE = "forced_marriage"
    SERVITUDE = "servitude"
    FORCED_MILITARY = "forced_military"
    ORGAN_REMOVAL = "organ_removal"
    FORCED_BEGGING = "forced_begging"
    FORCED_ADOPTION = "forced_adoption"
    SURROGACY = "surrogacy"
    OTHER = "other"


class Control(StrEnum):
    """How the person was kept. The last two stand in HTCDS' definitions but not in its list."""

    PHYSICAL_THREATS = "physical_threats"
    THREATENS_WITH_AUTHORITIES = "threatens_with_authorities"
    THREATENS_CHILDREN_OR_FAMILY = "threatens_children_or_family"
    DEBT_BONDAGE = "debt_bondage"
    FALSE_PROMISES = "false_promises"
    PHYSICAL_ABUSE = "physical_abuse"
    SEXUAL_ABUSE = "sexual_abuse"
    TAKES_EARNINGS = "takes_earnings"
    RESTRICTS_MONEY = "restricts_money"
    RESTRICTS_MEDICAL_CARE = "restricts_medical_care"
    WITHHOLDS_NECESSITIES = "withholds_necessities"
    PSYCHOLOGICAL_ABUSE = "psychological_abuse"
    PSYCHOACTIVE_SUBSTANCE = "psychoactive_substance"
    EXCESSIVE_WORKING_HOURS = "excessive_working_hours"
    WITHHOLDS_DOCUMENTS = "withholds_documents"
    OTHER = "other"
    RESTRICTS_MOVEMENT = "restricts_movement"
    USES_CHILDREN = "uses_children"


class Recruitment(StrEnum):
    PLACE_OF_BUSINESS = "place_of_business"
    SCHOOL = "school"
    WORK = "work"
    ONLINE_SOCIAL_NETWORK = "online_social_network"
    ONLINE_ADVERTISEMENT = "online_advertisement"
    TELEVISION = "television"
    NEWSPAPER = "newspaper"
    FAMILY = "family"
    FRIENDS = "friends"
    OTHER = "other"


class TraffickerRelation(StrEnum):
    FAMILIAL = "familial"
    ACQUAINTED = "acquainted"
    UNACQUAINTED = "unacquainted"


class FreedomOfMovement(StrEnum):
    """Kenya's national system asks it so (domain D.11)."""

    TOTALLY_DENIED = "totally_denied"
    ONLY_ACCOMPANIED = "only_accompanied"
    NOT_RESTRICTED = "not_restricted"


class EndOfExploitation(StrEnum):
    RESCUE = "rescue"
    ESCAPE = "escape"
    LET_GO = "let_go"
    OTHER = "other"


class DecidedBy(StrEnum):
    """Who decided whether somebody is a victim: HTCDS' kinds of decision-making body."""

    POLICE = "police"
    NGO = "ngo"
    COURT_OR_PROSECUTION = "court_or_prosecution"
    OTHER_GOVERNMENT = "other_government"
    OTHER = "other"


class AgeOutcome(StrEnum):
    ADULT = "adult"
    MINOR = "minor"


class AgeEvidence(StrEnum):
    """What an age_decision looked at. A medical opinion is asked for only with consent, and never decides alone."""

    DOCUMENT = "document"
    OWN_STATEMENT = "own_statement"
    STATEMENT_OF_OTHERS = "statement_of_others"
    SCHOOL_RECORD = "school_record"
    MEDICAL_OPINION = "medical_opinion"
