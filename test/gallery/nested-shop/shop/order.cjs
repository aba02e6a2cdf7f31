const { SendMessageCommand, SQSClient } = require('@aws-sdk/client-sqs');
const { priceIn } = require('/opt/nodejs/prices.cjs');

const sqs = new SQSClient({});
const { CURRENCY, AUDIT: QueueUrl } = process.env;

exports.handler = async ({ body }) => {
  const { id, amount = 1 } = JSON.parse(body);
  const price = priceIn(CURRENCY, amount);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `${id}: ${price}` }));
  return { statusCode: 200, body: JSON.stringify({ id, price }) };
};
