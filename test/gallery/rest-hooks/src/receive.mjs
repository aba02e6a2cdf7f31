export const handler = async ({ pathParameters, body }) => ({
  statusCode: 202,
  body: JSON.stringify({ source: pathParameters.source, bytes: body.length, ...idOf(body) }),
});

const idOf = (body) => (body.startsWith('{') ? { id: JSON.parse(body).id } : {});
