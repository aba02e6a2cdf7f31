// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** The loadline.yml that `loadline init` writes: the user's own stack and its protocol. Pure. */

export interface ConfigAnswers {
  /** Where it is: a URL, as it may be shown, or what serves it on this machine. */
  target: { kind: 'url'; url: string } | { kind: 'template' | 'app'; path: string };
  message: string;
  /** As --answer takes it: next, $.path or /regexp/. */
  answer: string;
}

export const exampleUrl = 'wss://example.com/ws';
export const defaultProtocol = { message: '{"id":"${id}"}', answer: '$.id' } as const;

/** In a YAML string in single quotes, which would fold a line break: one that has some, or a tab, in double quotes, as in JSON. */
const quoted = (text: string): string =>
  /[\n\r\t]/.test(text) ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;

function targetYaml(target: ConfigAnswers['target']): string {
  if (target.kind === 'url')
    return `# Your stack, wherever it runs. \${NAME}, in capitals, is of the environment: what comes from there is in no file and no report.
# In place of it: template: template.yaml (CloudFormation, SAM, Serverless), app: cdk.out (CDK), both served on this machine, or stack: NAME (deployed).
url: ${quoted(target.url)}`;
  return `# Your stack, served on this machine for each run. In place of it: url: wss://… (wherever it runs), or stack: NAME (deployed).
${target.kind}: ${quoted(target.path)}
# What follows the address of its WebSocket API, as in:
# url: '?user=\${user}'`;
}

export function configText({ target, message, answer }: ConfigAnswers): string {
  return `# What \`loadline run\` and \`loadline search\` are asked for in this folder; an option on the command line comes first.
# A first small run: loadline run --connections 10 --connect-rate 10 --steady 10 --message-rate 10
# Then the plan's own load: loadline run. All keys: docs/own-stack.md.

${targetYaml(target)}

plan: plan.yml
scenario: ./scenario.yml

# What a client sends. \${id} is another one in each message, \${user}, \${tab} and \${sequence} are filled in as well.
message: ${quoted(message)}
# How its answer is recognised: next (the next text that comes), $.path (where the id is), or /regexp/ whose first group is the id.
answer: ${quoted(answer)}

# How a connection is opened.
# headers:
#   authorization: Bearer \${token}
# subprotocols: [v1]
# token:
#   command: ./token.sh "$user" # prints the token of a user

# What comes in from outside, and the push that it causes. Without it, no webhooks are posted.
# webhook:
#   url: https://example.com/hooks
#   body: '{"delivery":"\${id}","user":"\${user}"}'
#   sign: github # or stripe, slack, svix …
#   secret: \${WEBHOOK_SECRET}
#   push: $.delivery # where the id stands in what comes out
`;
}
