/** What a report has to know beside the record. */
export interface ReportOptions {
  /** Whether a hunt without a verdict counts as passed (`--allow-inconclusive`). */
  allowInconclusive?: boolean;
}
