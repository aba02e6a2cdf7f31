// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/**
 * How providers sign their webhooks. Sources, each read 2026-11: the provider's own page on validating deliveries (GitHub, HubSpot v3, Nylas v3, Shopify,
 * Slack v0, Square, Stripe v1, Svix, Twilio, Zendesk, Zoom), and the specification of Standard Webhooks 1.0.
 */
import type { SignScheme } from './signing.ts';

/** What differs from {@link plainScheme}, and headers that belong to the scheme. */
type Preset = Partial<SignScheme> & Pick<SignScheme, 'header'>;

/** Hex HMAC-SHA256 of the body: the form that most have. */
export const plainScheme: Omit<SignScheme, 'header'> = {
  algorithm: 'sha256',
  encoding: 'hex',
  content: '${body}',
  value: '${signature}',
  timestamp: 'seconds',
  secretEncoding: 'text',
  headers: {},
};

const svix = { algorithm: 'sha256', encoding: 'base64', value: 'v1,${signature}', secretEncoding: 'whsec' } as const;

export const signPresets = {
  github: {
    header: 'X-Hub-Signature-256',
    value: 'sha256=${signature}',
    headers: { 'X-GitHub-Delivery': '${id}' },
  },
  hubspot: {
    header: 'X-HubSpot-Signature-v3',
    encoding: 'base64',
    content: '${method}${url}${body}${timestamp}',
    timestamp: 'milliseconds',
    headers: { 'X-HubSpot-Request-Timestamp': '${timestamp}' },
  },
  nylas: { header: 'X-Nylas-Signature' },
  shopify: { header: 'X-Shopify-Hmac-Sha256', encoding: 'base64', headers: { 'X-Shopify-Webhook-Id': '${id}' } },
  slack: {
    header: 'X-Slack-Signature',
    content: 'v0:${timestamp}:${body}',
    value: 'v0=${signature}',
    headers: { 'X-Slack-Request-Timestamp': '${timestamp}' },
  },
  square: { header: 'x-square-hmacsha256-signature', encoding: 'base64', content: '${url}${body}' },
  'standard-webhooks': {
    ...svix,
    header: 'webhook-signature',
    content: '${id}.${timestamp}.${body}',
    headers: { 'webhook-id': '${id}', 'webhook-timestamp': '${timestamp}' },
  },
  stripe: {
    header: 'Stripe-Signature',
    content: '${timestamp}.${body}',
    value: 't=${timestamp},v1=${signature}',
  },
  svix: {
    ...svix,
    header: 'svix-signature',
    content: '${id}.${timestamp}.${body}',
    headers: { 'svix-id': '${id}', 'svix-timestamp': '${timestamp}' },
  },
  /** Of a form: the URL, then each parameter's name and value, by name. */
  twilio: { header: 'X-Twilio-Signature', algorithm: 'sha1', encoding: 'base64', content: '${url}${form}' },
  zendesk: {
    header: 'X-Zendesk-Webhook-Signature',
    encoding: 'base64',
    content: '${timestamp}${body}',
    timestamp: 'iso',
    headers: { 'X-Zendesk-Webhook-Signature-Timestamp': '${timestamp}' },
  },
  zoom: {
    header: 'x-zm-signature',
    content: 'v0:${timestamp}:${body}',
    value: 'v0=${signature}',
    headers: { 'x-zm-request-timestamp': '${timestamp}' },
  },
} as const satisfies Record<string, Preset>;

export type SignPresetName = keyof typeof signPresets;

/** The whole scheme of a preset. */
export const presetScheme = (name: SignPresetName): SignScheme => ({ ...plainScheme, ...signPresets[name] });
