/** SAM templates, by the official translator: the Python package aws-sam-translator, wherever Python has it. */
import { spawn } from 'node:child_process';
import { isRecord, type Json, type Properties, TemplateError, TemplateErrors } from '../../template/template-error.ts';

const transformName = 'AWS::Serverless-2016-10-31';

/**
 * Reads `{template, parameters}` from stdin, and writes `{template}`, `{problems}` or `{missing}`. Managed policies stay names: nothing here has an
 * account to look them up in, and permissions change nothing.
 */
const program = `
import json, sys
given = json.load(sys.stdin)
try:
    from samtranslator.translator.transform import transform
    from samtranslator.public.exceptions import InvalidDocumentException
except ImportError as error:
    json.dump({"missing": str(error)}, sys.stdout)
    sys.exit(0)
class NoPolicies:
    def load(self):
        return {}
try:
    out = transform(given["template"], given["parameters"], NoPolicies())
    json.dump({"template": out}, sys.stdout)
except InvalidDocumentException as error:
    json.dump({"problems": [cause.message for cause in error.causes]}, sys.stdout)
`;

const help =
  'Install it with `pip install aws-sam-translator`; LOADLINE_PYTHON names another Python. Without Python, translate it elsewhere: `sam deploy --no-execute-changeset` and then `aws cloudformation get-template --template-stage Processed`';

export function isSamTemplate({ Transform: transforms }: Properties): boolean {
  return [transforms].flat().includes(transformName);
}

export interface SamTranslation {
  /** The template, with its code as `s3://` addresses. */
  document: Properties;
  parameters: Readonly<Record<string, string>>;
  region: string;
  /** The Python to run; by default that of LOADLINE_PYTHON, else python3. */
  python?: string | undefined;
}

/** @throws {TemplateError} in one sentence without Python or the translator; {@link TemplateErrors} for what the translator refuses. */
export async function translateSam({ document, parameters, region, python }: SamTranslation): Promise<Properties> {
  const chosen = python ?? process.env.LOADLINE_PYTHON ?? 'python3';
  const output = await runPython(chosen, JSON.stringify({ template: document, parameters }), region);
  const answer: unknown = parseOrNull(output);
  if (isRecord(answer) && isRecord(answer.template)) return answer.template;
  if (isRecord(answer) && Array.isArray(answer.problems))
    throw new TemplateErrors(answer.problems.map((problem) => placed(String(problem))));
  const why = isRecord(answer)
    ? `${chosen} has no aws-sam-translator`
    : `${chosen} could not translate it${output.trim() === '' ? '' : `: ${output.trim().slice(-300)}`}`;
  throw new TemplateError('Transform', `is SAM, and ${why}. ${help}`);
}

/** `Resource with id [Api] is invalid. …` → at `Api`. */
function placed(problem: string): TemplateError {
  const where = /^Resource with id \[([^\]]+)\] is invalid\. /.exec(problem);
  return where?.[1] === undefined
    ? new TemplateError('Transform', problem)
    : new TemplateError(where[1], problem.slice(where[0].length));
}

function runPython(python: string, input: string, region: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, ['-c', program], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // boto3, which the translator loads, wants a Region.
      env: { ...process.env, AWS_DEFAULT_REGION: region, PYTHONWARNINGS: 'ignore' },
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    // It may end before it has read everything; then its exit says so.
    child.stdin.on('error', () => undefined);
    child.on('error', () =>
      reject(new TemplateError('Transform', `is SAM, and there is no ${python} on this machine. ${help}`)),
    );
    child.on('close', (code) =>
      resolve(
        Buffer.concat(code === 0 ? output : errors)
          .toString()
          .trim(),
      ),
    );
    child.stdin.end(input);
  });
}

function parseOrNull(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
