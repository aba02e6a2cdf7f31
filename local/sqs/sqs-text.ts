/** Which text SQS takes. */

/** The characters of XML 1.0, without unpaired surrogates. Source: SQS API, SendMessage and message attributes, read November 2026. */
const allowed = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const refused = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Whether a message's body or an attribute's value holds only characters that SQS takes. */
export const isSqsText = (text: string): boolean => allowed.test(text);

/** Without the characters that SQS refuses. */
export const sqsTextOf = (text: string): string => text.replaceAll(refused, '');
