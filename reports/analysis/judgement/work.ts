/** What a load does, as causes are told apart by. */
export type Work = 'connects' | 'messages' | 'webhooks' | 'pushes' | 'publishes' | 'subscriptions';

/** Publishes and subscriptions go the way of every message. */
export const likeOf = (work: Work): 'connects' | 'messages' | 'webhooks' | 'pushes' =>
  work === 'publishes' || work === 'subscriptions' ? 'messages' : work;
