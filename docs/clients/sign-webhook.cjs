/** For Artillery: makes a webhook of the mail provider, and signs it as the provider does. */
const { createHmac, randomUUID } = require('node:crypto');

function signWebhook(request, _context, _events, done) {
  const body = JSON.stringify({
    specversion: '1.0',
    type: 'message.created',
    source: '/google/emails/realtime',
    id: randomUUID(),
    time: Math.floor(Date.now() / 1_000),
    data: { object: { id: randomUUID(), grant_id: 'u-1', object: 'message', subject: 'Hello' } },
  });
  const signature = createHmac('sha256', process.env.WEBHOOK_SECRET).update(body).digest('hex');
  request.body = body;
  request.headers = { ...request.headers, 'content-type': 'application/json', 'x-nylas-signature': signature };
  return done();
}

module.exports = { signWebhook };
