/** What the process answers to its caller. Scripts depend on these numbers. */
export const exitCodes = {
  flat: 0,
  leak: 1,
  usage: 2,
  inconclusive: 3,
  unmeasurable: 4,
  internal: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
