/** The fake target as a separate process, so that it can be stopped and continued. It sends its URLs and, after any message, what it answered when. */
import { startFakeTarget } from './fake-target.ts';

export interface Answer {
  kind: 'ping' | 'post';
  id: string;
  atMs: number;
}

const answers: Answer[] = [];
const { webSocketUrl, webhookUrl } = await startFakeTarget({
  onAnswer: (kind, id) => answers.push({ kind, id, atMs: performance.now() }),
});
process.on('message', () => process.send?.(answers));
process.on('disconnect', () => process.exit(0));
process.send?.({ webSocketUrl, webhookUrl });
