"""Records on A4 paper (ReportLab), to be read by a doctor in a hurry."""
