/** Names of the messages, or URLs of webhooks, that are sent. Pure. */

/**
 * One for each: its route, else what is known of it otherwise, else its number; one that repeats has a number behind it. The same in reports, profiles and plans.
 * `label`: null where nothing that may be shown says what it is.
 */
export function routeNames(sent: readonly { key: string | null; label?: string | null }[]): string[] {
  const taken = new Set<string>();
  return sent.map(({ key, label = null }, n) => {
    const own = key ?? label ?? String(n + 1);
    let name = own;
    for (let repeat = 2; taken.has(name); repeat++) name = `${own} ${repeat}`;
    taken.add(name);
    return name;
  });
}
