/** One line of `loadline doctor`. */
export interface Check {
  /** What was looked at: one word or two. */
  name: string;
  status: 'ok' | 'warning' | 'error';
  /** What is there, in a clause. */
  found: string;
  /** What to do about it; null where there is nothing to do. */
  next: string | null;
}

export const ok = (name: string, found: string): Check => ({ name, status: 'ok', found, next: null });
export const warning = (name: string, found: string, next: string): Check => ({ name, status: 'warning', found, next });
export const failure = (name: string, found: string, next: string): Check => ({ name, status: 'error', found, next });
