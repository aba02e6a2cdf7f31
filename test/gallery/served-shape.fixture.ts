/** A stack of the gallery, served as `loadline local` serves one. */
import { fileURLToPath } from 'node:url';
import { localCredentials, type ServedStack, type ServeOptions, serveStack } from '../../local/start.ts';

export interface Shape {
  stack: ServedStack;
  /** An output of the template. */
  output: (name: string) => string;
  /** For clients of the SDK: the one endpoint of all services. */
  client: { region: string; endpoint: string; credentials: typeof localCredentials };
}

const folder = fileURLToPath(new URL('.', import.meta.url));

/** @param name of a folder here, or what to serve. */
async function serveShape(name: string | ServeOptions['choice'], options: Partial<ServeOptions> = {}): Promise<Shape> {
  const choice = typeof name === 'string' ? ({ kind: 'template', path: `${folder}${name}` } as const) : name;
  const stack = await serveStack({ choice, region: 'us-east-1', ...options });
  return {
    stack,
    output(wanted) {
      const value = stack.outputs[wanted];
      if (value === undefined) throw new Error(`The stack has no output ${wanted}: ${Object.keys(stack.outputs)}`);
      return value;
    },
    client: { region: 'us-east-1', endpoint: stack.endpointUrl, credentials: localCredentials },
  };
}

/** Serves a shape for as long as the test lasts. */
export async function withShape(
  name: string | ServeOptions['choice'],
  options: Partial<ServeOptions>,
  test: (shape: Shape) => Promise<void>,
): Promise<void> {
  const shape = await serveShape(name, options);
  try {
    await test(shape);
  } finally {
    await shape.stack.stop();
  }
}
