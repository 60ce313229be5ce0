"""What the names of a certificate say of its computed attributes: the provider plans them by rules of its own."""

from __future__ import annotations

from collections.abc import Mapping

from astralint.source.partial import Hole, PartialText
from astralint.terraform.values.operations import wholly_known
from astralint.terraform.values.sets import set_of
from astralint.terraform.values.types import STRING, ObjectType
from astralint.terraform.values.value import NOWHERE, Reason, Unknown, Value, object_of, string, unknown

CERTIFICATE = "aws_acm_certificate"
PLANNED = frozenset({"domain_validation_options", "subject_alternative_names"})
_VALIDATIONS = ".acm-validations.aws."


def computed_of_certificate(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the names of a certificate, its own among them, and whom DNS has to prove it for.

    Nothing is returned where the provider leaves it to the apply: where names are not known,
    or something else than DNS validates them.
    """
    domain, others = values["domain_name"], values["subject_alternative_names"]
    if not isinstance(domain.raw, str) or isinstance(others.raw, Unknown):
        return {}
    given = others.raw or ()
    origins = NOWHERE.union(domain.origins, others.origins, *(item.origins for item in given))
    names = set_of(STRING, [*given, domain])
    found = {"subject_alternative_names": Value(names.type, names.raw, names.marks | others.marks, origins)}
    if values["validation_method"].raw == "DNS" and wholly_known(names):
        options = [_proof(name.raw) for name in names.raw]
        element = options[0].type
        assert isinstance(element, ObjectType)
        proofs = set_of(element, options)
        found["domain_validation_options"] = proofs.with_origins(origins)
    return found


def _proof(name: str) -> Value:
    """Return what proves one name to ACM: `_TOKEN.NAME.`, an alias of `_TOKEN….acm-validations.aws.`."""
    reason = Reason("known-after-apply", "the records that validate a certificate are AWS's choice")
    token = Hole(reason.message)
    record = PartialText.of("_", token, f".{name.removeprefix('*.')}.")
    return object_of(
        {
            "domain_name": string(name),
            "resource_record_name": unknown(reason, STRING, text=record, not_null=True),
            "resource_record_type": unknown(reason, STRING),
            "resource_record_value": unknown(
                reason, STRING, text=PartialText.of("_", token, _VALIDATIONS), not_null=True
            ),
        }
    )
