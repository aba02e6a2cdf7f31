/** `Did you mean "messages"?`, or null when no known key is near. */
export function suggestion(typed: string, known: readonly string[]): string | null {
  const nearest = nearestKey(typed, known);
  return nearest === null ? null : `Did you mean "${nearest}"?`;
}

/** The known key that is most likely meant, or null when none is near: at most a third of its letters differ. */
export function nearestKey(typed: string, known: readonly string[]): string | null {
  let best: { key: string; distance: number } | null = null;
  for (const key of known) {
    const distance = editDistance(typed.toLowerCase(), key.toLowerCase());
    if (distance <= key.length / 3 && (best === null || distance < best.distance)) best = { key, distance };
  }
  return best?.key ?? null;
}

/** Insertions, deletions and substitutions that turn a into b. Levenshtein 1966; Wagner and Fischer's table, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
