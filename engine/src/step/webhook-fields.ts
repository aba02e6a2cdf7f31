// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** Webhooks, signatures, pushes and tokens of a target of the user's own, as a step or a configuration file says them. */
import { z } from 'zod';
import { parseJsonPath } from '../core/messages/json-path.ts';
import { plainScheme, presetScheme, signPresets } from '../core/webhooks/sign-presets.ts';
import {
  type SignScheme,
  secretEncodings,
  signAlgorithms,
  signaturePlaceholders,
  signEncodings,
  signedPlaceholders,
  timestampForms,
} from '../core/webhooks/signing.ts';
import { likelyContentType, type WebhookFormat, webhookOwners } from '../core/webhooks/webhook-request.ts';
import { keysOf } from './keyed.ts';

/** Names of headers, without those that the engine sets itself. */
const headerName = z.string().regex(/^(?!(?:host|connection|content-length|transfer-encoding)$)[\w!#$%&'*+.^`|~-]+$/i, {
  error: 'expected the name of a header that can be set',
});
const headerValue = z.string().regex(/^[^\r\n]*$/, { error: 'expected text without a line break' });

const placeholdersText = (names: readonly string[]): string => names.map((name) => `\${${name}}`).join(', ');

export const presetNames = [...keysOf(signPresets), 'none'] as const;

/** Keys of a scheme, each with what it is. */
export const signKeys = z.strictObject({
  preset: z.enum(presetNames).optional().describe('Provider whose scheme this is; the other keys change it.'),
  algorithm: z.enum(signAlgorithms).optional().describe('Hash of the HMAC; default: sha256.'),
  header: headerName.optional().describe('Header that the signature is in.'),
  value: headerValue
    .optional()
    .describe(`Its value; default: \${signature}. Placeholders: ${placeholdersText(signaturePlaceholders)}.`),
  prefix: headerValue.optional().describe('Text before the signature, as in sha256=, in place of value.'),
  encoding: z.enum(signEncodings).optional().describe('Of the signature; default: hex.'),
  content: z
    .string()
    .min(1)
    .optional()
    .describe(`What is signed; default: \${body}. Placeholders: ${placeholdersText(signedPlaceholders)}.`),
  timestamp: z
    .enum(timestampForms)
    .optional()
    .describe('Form of ${timestamp}, the time of the post; default: seconds.'),
  timestampHeader: headerName.optional().describe('Header that the timestamp is in as well.'),
  headers: z
    .record(headerName, headerValue)
    .optional()
    .describe('Further headers of the scheme, with the same placeholders as value.'),
  secretEncoding: z
    .enum(secretEncodings)
    .optional()
    .describe('How the secret is written; default: text. whsec: Base64 after whsec_.'),
});
export type SignKeys = z.output<typeof signKeys>;

/** The scheme that the keys mean; null: not signed. Throws an Error whose message is a sentence when they contradict each other. */
export function signScheme({ preset, prefix, timestampHeader, ...keys }: SignKeys): SignScheme | null {
  const own = Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined));
  if (preset === 'none') {
    if (Object.keys(own).length > 0) throw new Error('none does not sign: leave the other keys out.');
    return null;
  }
  const base = preset === undefined ? plainScheme : presetScheme(preset);
  const header = keys.header ?? (preset === undefined ? undefined : presetScheme(preset).header);
  if (header === undefined)
    throw new Error('header is missing: name the header that the signature is in, or a preset.');
  if (prefix !== undefined && keys.value !== undefined)
    throw new Error('either prefix or value: both say what the header holds.');
  const value = prefix === undefined ? {} : { value: `${prefix}\${signature}` };
  const stamped = timestampHeader === undefined ? {} : { [timestampHeader]: '${timestamp}' };
  const scheme: SignScheme = {
    ...base,
    header,
    ...own,
    ...value,
    headers: { ...base.headers, ...keys.headers, ...stamped },
  };
  if (!scheme.value.includes('${signature}')) throw new Error('value has no ${signature}.');
  return scheme;
}

const sign = z
  .union([z.enum(presetNames).transform((preset): SignKeys => ({ preset })), signKeys])
  .transform((keys, context) => {
    try {
      return signScheme(keys);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  });

export const webhookSchema = z
  .strictObject({
    body: z.string().min(1),
    contentType: headerValue.optional(),
    headers: z.record(headerName, headerValue).default({}),
    sign: sign.default(null),
    owner: z.enum(webhookOwners).default('user'),
  })
  .transform(({ contentType, headers, ...format }): WebhookFormat => {
    const type = contentType ?? likelyContentType(format.body);
    const isGiven = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
    return { ...format, headers: isGiven ? headers : { 'Content-Type': type, ...headers } };
  });

const jsonPath = z.string().refine((path) => parseJsonPath(path) !== null, 'expected a path such as $.data.id');
const pushRegexp = z.string().refine(hasGroup, 'expected a regular expression with a group, which is the id');

function hasGroup(source: string): boolean {
  try {
    return (new RegExp(`${source}|`).exec('')?.length ?? 0) > 1;
  } catch {
    return false;
  }
}

export const pushSchema = z.union([
  z.literal('anywhere').transform(() => ({ kind: 'anywhere' as const })),
  z.strictObject({ jsonPath }).transform(({ jsonPath: path }) => ({ kind: 'jsonPath' as const, path })),
  z.strictObject({ regexp: pushRegexp }).transform(({ regexp: source }) => ({ kind: 'regexp' as const, source })),
]);

/** How a command prints tokens, without the command. */
const tokenCommandKeys = {
  usersPerToken: z.number().int().positive().default(1),
  concurrency: z.number().int().positive().max(64).default(4),
  timeoutSeconds: z.number().positive().max(3_600).default(10),
};

export const tokenSchema = z.union([
  z.strictObject({ value: headerValue.min(1) }).transform(({ value }) => ({ kind: 'fixed' as const, value })),
  z
    .strictObject({ command: z.string().min(1), ...tokenCommandKeys })
    .transform((command) => ({ kind: 'command' as const, ...command })),
]);
