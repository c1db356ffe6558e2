/** What a report needs to know besides the record. */
export interface ReportOptions {
  /** Whether a hunt without a verdict counts as passed (`--allow-inconclusive`). */
  allowInconclusive?: boolean;
}
