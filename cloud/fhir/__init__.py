"""FHIR R4B: the same answers in the words of HL7."""
