/** Numbers of the recommendations' sentences. */
export const whole = (value: number): string => Math.round(value).toLocaleString('en-GB');
export const figure = (value: number): string => (value >= 1_000 ? whole(value) : String(Number(value.toPrecision(3))));
/** A limit of 0 is exceeded without bounds. */
export const percent = (share: number): string =>
  share > 1e6 ? 'over 100,000,000%' : `${Number((share * 100).toPrecision(3)).toLocaleString('en-GB')}%`;

/** A value of a recommendation, which may be a word. */
export const shown = (value: number | string | null): string =>
  typeof value === 'number' ? figure(value) : (value ?? 'none');
