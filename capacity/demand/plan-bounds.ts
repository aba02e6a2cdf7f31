/** Bounds that keep every result of a plan a finite number. */

/** More than there are people. */
export const mostUsers = 1e10;
export const mostMonths = 120;
