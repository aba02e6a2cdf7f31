/** The settings of the reference stack as a page carries them, so that it gives those of the same stack to be copied. Pure. */

/** By the keys of stack/settings.ts. */
export type PageSettings = Readonly<Record<string, unknown>>;

/**
 * Without what no answer depends on and is not for whoever gets the page: addresses that alarms notify, credentials in a URL. Without what is not in force:
 * a service of tasks, a database that is not the store, and the account's concurrency, whose shares are settings of the functions and the queue.
 */
export function pageSettings(settings: PageSettings): PageSettings {
  const { alarms: _, accountConcurrency: _ofAccount, compute: _compute, server: _ofTasks, ...kept } = settings;
  const { database, forwardUrl, ...others } = kept;
  return {
    ...others,
    ...(others.store === 'postgres' && { database }),
    ...(typeof forwardUrl === 'string' && { forwardUrl: forwardUrl.replace(/\/\/[^/]*@/, '//') }),
  };
}
