/** Handlers that only answer: the path to them and back is what is measured. Sources of ES modules, by name. */
export const bareHandlers = {
  Connect: 'export const handler = async () => ({ statusCode: 200 });',
  Ping: `export const handler = async (event) => {
  const { id } = JSON.parse(event.body);
  return { statusCode: 200, body: JSON.stringify({ type: 'pong', id }) };
};`,
};
