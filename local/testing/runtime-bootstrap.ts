/** A custom runtime in JavaScript, for tests of what the target does with good and bad ones: what it does is in the event. */

/** Source of a `bootstrap`, which runs on this Node. */
export const bootstrapInJavaScript = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime';
const post = (path, body, headers = {}) => fetch(api + path, { method: 'POST', body, headers });
let events = 0;
const actions = {
  echo: ({ said }, context) => ({ said, events, ...context, folder: process.cwd(), task: process.env.LAMBDA_TASK_ROOT }),
  exit: () => process.exit(3),
  hang: () => new Promise((done) => setTimeout(done, 600_000)),
  memory: async () => { const all = []; for (;;) { all.push(Buffer.alloc(8e6, 1)); await new Promise((r) => setTimeout(r, 5)); } },
  /** Leaves a process behind, and says which. */
  leave: () => ({ left: spawn('sleep', ['600'], { stdio: 'ignore' }).pid, own: process.pid }),
  compute: ({ ms }) => { const from = process.cpuUsage().user; while ((process.cpuUsage().user - from) / 1e3 < ms); return ms; },
};
(async () => {
  if (process.env.INIT === 'fails') {
    await post('/init/error', JSON.stringify({ errorType: 'My.Init', errorMessage: 'not today', stackTrace: [] }));
    process.exit(1);
  }
  if (process.env.INIT === 'exits') process.exit(7);
  for (;;) {
    const next = await fetch(api + '/invocation/next');
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const event = await next.json();
    events += 1;
    console.log('event', events, event.action);
    if (event.action === 'fail') {
      await post('/invocation/' + id + '/error', JSON.stringify({ errorType: 'My.Error', errorMessage: 'as asked', stackTrace: ['here'] }));
    } else if (event.action === 'large') {
      const { status } = await post('/invocation/' + id + '/response', JSON.stringify('x'.repeat(7e6)));
      console.log('refused with', status);
    } else if (event.action === 'text') {
      await post('/invocation/' + id + '/response', 'not JSON');
    } else if (event.action === 'stray') {
      const { status } = await post('/invocation/other/response', '1');
      await post('/invocation/' + id + '/response', JSON.stringify(status));
    } else {
      const context = { arn: next.headers.get('lambda-runtime-invoked-function-arn'), inMs: next.headers.get('lambda-runtime-deadline-ms') - Date.now() };
      const answer = await actions[event.action](event, context);
      await post('/invocation/' + id + '/response', JSON.stringify(answer));
    }
  }
})();
`;
