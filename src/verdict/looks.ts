/**
 * After so many rounds of uploads every series is judged (unless the number of rounds is fixed): where a growth that
 * is plain is decided, then ever wider apart, as each look more costs every other one a share of its power.
 */
export const looks = [8, 16, 24, 30, 36, 42, 48, 56, 64, 72, 80, 88, 96];
