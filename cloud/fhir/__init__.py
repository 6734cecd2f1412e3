"""HL7 FHIR R4: our domain as resources, JP Core where it has a profile."""
